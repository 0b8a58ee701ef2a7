using System.Text.Json.Serialization;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>What the scheduler sets aside for a pod.</summary>
public sealed record ResourceRequests
{
    /// <summary>CPU, such as 100m (a tenth of a core) or 2. Default: 100m, or the limit where that is less.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? Cpu { get; init; }

    /// <summary>Memory, such as 256Mi. Default: 64Mi, or the limit where that is less.</summary>
    [Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? Memory { get; init; }

    /// <summary>Disk of the node for the workspace and logs, such as 1Gi. Default: 64Mi, or the limit where that is less.</summary>
    [JsonPropertyName("ephemeral-storage"), Quantity, JsonConverter(typeof(QuantityConverter))]
    public string? EphemeralStorage { get; init; }
}
