using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>One attempt: one pod.</summary>
public sealed record AttemptStatus
{
    /// <summary>The attempt's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its pod.</summary>
    [MaxLength(253)]
    public string? Pod { get; init; }

    /// <summary>UID of its pod: only this pod can commit under this attempt.</summary>
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

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>How it ended: Completed, OutOfMemory, Evicted, PodDeleted, NodeLost, Hung, Error and others. Absent while it works.</summary>
    [MaxLength(64)]
    public string? Outcome { get; init; }

    /// <summary>The agent container's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What Kubernetes gave as the reason, such as OOMKilled or Evicted.</summary>
    [MaxLength(128)]
    public string? Reason { get; init; }

    /// <summary>What happened, as a sentence.</summary>
    [MaxLength(512)]
    public string? Message { get; init; }

    /// <summary>The journal's head when the attempt started.</summary>
    public long? FromSequence { get; init; }

    /// <summary>The journal's head when it ended.</summary>
    public long? ToSequence { get; init; }

    /// <summary>Seconds from the end of the attempt before to this one's first commit or heartbeat.</summary>
    public int? RecoverySeconds { get; init; }
}
