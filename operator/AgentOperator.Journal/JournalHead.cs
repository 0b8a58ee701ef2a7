using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>A journal's state after its last record. The run's status shows it, and appends are checked against it.</summary>
public sealed record JournalHead
{
    /// <summary>Sequence of the last record.</summary>
    public required long Sequence { get; init; }

    /// <summary>Hash of the last record's stored bytes.</summary>
    public required string Hash { get; init; }

    /// <summary>The newest claimed epoch; 0 before the first claim.</summary>
    public int Epoch { get; init; }

    /// <summary>The pod that claimed the epoch.</summary>
    public string? Pod { get; init; }

    /// <summary>That pod's UID: the fencing token.</summary>
    public string? PodUid { get; init; }

    /// <summary>When the last record was committed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Number of committed model answers. Shown as the run's step.</summary>
    public int Steps { get; init; }

    /// <summary>Number of committed tool outcomes.</summary>
    public int ToolCalls { get; init; }

    /// <summary>Tokens of all committed model answers.</summary>
    public TokenUsage Usage { get; init; } = TokenUsage.Zero;

    /// <summary>Bytes of all records before compression.</summary>
    public long Bytes { get; init; }

    /// <summary>The value that step keys are derived from.</summary>
    public required string Lineage { get; init; }

    /// <summary>Hash of the frozen part of the spec.</summary>
    public required string SpecHash { get; init; }

    /// <summary>
    /// The sequence of the last record that counts as progress: a model answer or a tool outcome, but not a claim.
    /// An attempt that does not advance it made no progress.
    /// </summary>
    public long ProgressSequence { get; init; }

    /// <summary>
    /// The tools left out of the run and why, as readable text; null when there are none. At most
    /// <see cref="Journal.LeftOutTools.MaxBytes"/> bytes.
    /// </summary>
    public string? LeftOutTools { get; init; }

    /// <summary>How the run ended; null until then.</summary>
    public RunFinishedPayload? Finished { get; init; }
}
