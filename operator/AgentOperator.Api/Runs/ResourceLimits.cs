using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A pod's resource limits.</summary>
public sealed record ResourceLimits
{
    /// <summary>CPU, such as 500m or 2. Default: no limit.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? Cpu { get; init; }

    /// <summary>
    /// Memory limit of the first attempt, at least 32Mi. Later attempts have no less: if it is raised, the next one gets it. Default: 512Mi.
    /// </summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string Memory { get; init; } = "512Mi";

    /// <summary>Node disk for the workspace and logs. A pod that uses more is evicted. Default: 1Gi.</summary>
    [JsonPropertyName("ephemeral-storage"), Quantity, JsonConverter(typeof(QuantityConverter))]
    public string EphemeralStorage { get; init; } = "1Gi";
}
