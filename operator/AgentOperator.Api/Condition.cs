using System.ComponentModel.DataAnnotations;
using k8s.Models;

namespace AgentOperator.Api;

/// <summary>One observed aspect of a resource, as a standard Kubernetes condition.</summary>
public sealed record Condition
{
    /// <summary>The aspect: Accepted, Running, ToolsReady or Finished of a run, Available of a ModelEndpoint.</summary>
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

    /// <summary>The same condition as the Kubernetes client has it.</summary>
    public V1Condition ToStandard() => new()
    {
        Type = Type,
        Status = Status,
        ObservedGeneration = ObservedGeneration,
        LastTransitionTime = LastTransitionTime.UtcDateTime,
        Reason = Reason,
        Message = Message,
    };

    /// <summary>The condition from the Kubernetes client's type.</summary>
    public static Condition Of(V1Condition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new Condition
        {
            Type = condition.Type,
            Status = condition.Status,
            ObservedGeneration = condition.ObservedGeneration,
            LastTransitionTime = new DateTimeOffset(condition.LastTransitionTime, TimeSpan.Zero),
            Reason = condition.Reason,
            Message = condition.Message,
        };
    }
}
