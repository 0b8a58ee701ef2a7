using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>One observed aspect of a resource, in the usual form of Kubernetes.</summary>
public sealed record Condition
{
    /// <summary>The aspect: Accepted, Running or Finished.</summary>
    [MaxLength(316)]
    public required string Type { get; init; }

    /// <summary>True, False or Unknown.</summary>
    [AllowedValues("True", "False", "Unknown")]
    public required string Status { get; init; }

    /// <summary>The generation of the spec that this was observed on.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>When the status last changed from one value to another.</summary>
    public required DateTimeOffset LastTransitionTime { get; init; }

    /// <summary>Why, as one CamelCase word for programs.</summary>
    [MaxLength(1024)]
    public required string Reason { get; init; }

    /// <summary>Why, as a sentence for people.</summary>
    [MaxLength(4096)]
    public required string Message { get; init; }
}
