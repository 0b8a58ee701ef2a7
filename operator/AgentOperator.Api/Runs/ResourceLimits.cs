using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>What a pod may use at most.</summary>
public sealed record ResourceLimits
{
    /// <summary>CPU, such as 500m or 2. Default: no limit.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? Cpu { get; init; }

    /// <summary>Memory of the first attempt, at least 32Mi. Default: 512Mi.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string Memory { get; init; } = "512Mi";

    /// <summary>Disk of the node for the workspace and logs; a pod that uses more is evicted. Default: 1Gi.</summary>
    [JsonPropertyName("ephemeral-storage"), Quantity, JsonConverter(typeof(QuantityConverter))]
    public string EphemeralStorage { get; init; } = "1Gi";
}
