using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>One attempt, which is one pod.</summary>
public sealed record AttemptStatus
{
    /// <summary>The attempt's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The attempt's pod.</summary>
    [MaxLength(253)]
    public string? Pod { get; init; }

    /// <summary>UID of the pod. No other pod can commit for this attempt.</summary>
    [MaxLength(64)]
    public string? PodUid { get; init; }

    /// <summary>The node that the pod ran on.</summary>
    [MaxLength(253)]
    public string? Node { get; init; }

    /// <summary>The pod's memory limit.</summary>
    [MaxLength(32)]
    public string? MemoryLimit { get; init; }

    /// <summary>When the pod was created.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the attempt ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>
    /// How the attempt ended, such as Completed, OutOfMemory, Evicted, PodDeleted, NodeLost, Hung or Error. Absent while it is active.
    /// </summary>
    [MaxLength(64)]
    public string? Outcome { get; init; }

    /// <summary>The agent container's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Kubernetes' own reason, such as OOMKilled or Evicted.</summary>
    [MaxLength(128)]
    public string? Reason { get; init; }

    /// <summary>Human-readable explanation of what happened.</summary>
    [MaxLength(512)]
    public string? Message { get; init; }

    /// <summary>The journal's head when the attempt started.</summary>
    public long? FromSequence { get; init; }

    /// <summary>The journal's head when the attempt ended.</summary>
    public long? ToSequence { get; init; }

    /// <summary>Seconds from the end of the previous attempt to this attempt's first commit or heartbeat.</summary>
    public int? RecoverySeconds { get; init; }
}
