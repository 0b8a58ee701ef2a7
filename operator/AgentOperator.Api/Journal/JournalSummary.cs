using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>
/// What a journal's records add up to. Each segment stores it after its last record, a journal's head is this and a hash, and a run's
/// <see cref="CheckpointStatus"/> and <see cref="UsageStatus"/> show parts of it.
/// </summary>
public record JournalSummary
{
    /// <summary>Sequence of the last record.</summary>
    public required long Sequence { get; init; }

    /// <summary>The newest claimed epoch: the attempt that owns the run. 0 before the first claim.</summary>
    public required int Epoch { get; init; }

    /// <summary>Pod of that attempt; absent before the first attempt.</summary>
    [MaxLength(253)]
    public string? Pod { get; init; }

    /// <summary>UID of that pod. No other pod can commit.</summary>
    [MaxLength(64)]
    public string? PodUid { get; init; }

    /// <summary>Number of model answers so far.</summary>
    public int Steps { get; init; }

    /// <summary>When the last record was committed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Prompt tokens, including cached tokens.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Completion tokens.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Prompt tokens that the provider served from its cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Number of paid model answers.</summary>
    public long ModelCalls => Steps;

    /// <summary>Number of model calls that brought no usable answer: timeouts, broken connections, unreadable answers.</summary>
    public long UnusedModelCalls { get; init; }

    /// <summary>Tokens of those calls, as the provider reported them, else an estimate.</summary>
    public long UnusedTokens { get; init; }

    /// <summary>Number of completed tool calls.</summary>
    public long ToolCalls { get; init; }

    /// <summary>
    /// Sequence of the last record that counts as progress: a model answer or a tool outcome, but not a claim. An attempt that does not advance it
    /// made no progress.
    /// </summary>
    public long ProgressSequence { get; init; }

    /// <summary>Size of all records before compression, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>SHA-256 of the immutable part of the run's spec, in hex.</summary>
    [MaxLength(64)]
    public string? SpecHash { get; init; }

    /// <summary>The value that step keys are derived from.</summary>
    [MaxLength(253)]
    public string? Lineage { get; init; }

    /// <summary>The tools left out of the run and why; absent when there are none.</summary>
    [MaxLength(1024)]
    public string? LeftOutTools { get; init; }

    /// <summary>How the run ended; absent until then.</summary>
    public FinishSummary? Finished { get; init; }
}
