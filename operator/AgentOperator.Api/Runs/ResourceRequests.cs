using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Resources that the scheduler reserves for a pod.</summary>
public sealed record ResourceRequests
{
    /// <summary>CPU, such as 100m (a tenth of a core) or 2. Default: 100m, or the limit if that is lower.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? Cpu { get; init; }

    /// <summary>Memory, such as 256Mi. Default: 64Mi, or the limit if that is lower.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? Memory { get; init; }

    /// <summary>Node disk for the workspace and logs, such as 1Gi. Default: 64Mi, or the limit if that is lower.</summary>
    [JsonPropertyName("ephemeral-storage"), Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? EphemeralStorage { get; init; }
}
