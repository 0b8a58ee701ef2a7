using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>The summary of a journal at its last record: what the status shows and what an append is checked against.</summary>
public sealed record JournalHead
{
    /// <summary>Sequence of the last record.</summary>
    public required long Sequence { get; init; }

    /// <summary>Hash of the last record's stored bytes.</summary>
    public required string Hash { get; init; }

    /// <summary>The newest claimed epoch; 0 before the first claim.</summary>
    public int Epoch { get; init; }

    /// <summary>The pod that claimed it.</summary>
    public string? Pod { get; init; }

    /// <summary>That pod's UID: the fencing token.</summary>
    public string? PodUid { get; init; }

    /// <summary>When the last record was committed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Model answers committed: the run's step.</summary>
    public int Steps { get; init; }

    /// <summary>Tool outcomes committed.</summary>
    public int ToolCalls { get; init; }

    /// <summary>Tokens of all committed model answers.</summary>
    public TokenUsage Usage { get; init; } = TokenUsage.Zero;

    /// <summary>Bytes of all records before compression.</summary>
    public long Bytes { get; init; }

    /// <summary>What step keys are derived from.</summary>
    public required string Lineage { get; init; }

    /// <summary>Hash of the frozen part of the spec.</summary>
    public required string SpecHash { get; init; }

    /// <summary>
    /// The sequence of the last record that was progress (a model answer or a tool's outcome): claims are not.
    /// Attempts that do not move it are failures without progress.
    /// </summary>
    public long ProgressSequence { get; init; }

    /// <summary>
    /// The tools that the run goes without and why, for people; null when there are none. At most
    /// <see cref="Journal.LeftOutTools.MaxBytes"/>.
    /// </summary>
    public string? LeftOutTools { get; init; }

    /// <summary>How the run ended; null while it has not.</summary>
    public RunFinishedPayload? Finished { get; init; }
}
