using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>One observed aspect of a resource, as a standard Kubernetes condition.</summary>
public sealed record Condition
{
    /// <summary>The aspect: Accepted, Running, ToolsReady or Finished.</summary>
    [MaxLength(316)]
    public required string Type { get; init; }

    /// <summary>True, False or Unknown.</summary>
    [AllowedValues("True", "False", "Unknown")]
    public required string Status { get; init; }

    /// <summary>The generation of the spec that the condition was observed for.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When the status last changed from one value to another.</summary>
    public required DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>Machine-readable reason, one CamelCase word.</summary>
    [MaxLength(1024)]
    public required string Reason { get; init; }

    /// <summary>Human-readable explanation.</summary>
    [MaxLength(4096)]
    public required string Message { get; init; }
}
