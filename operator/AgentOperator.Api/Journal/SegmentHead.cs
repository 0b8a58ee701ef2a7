using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A journal after one of its records: what the status is made of without reading a record.</summary>
public sealed record SegmentHead
{
    /// <summary>Sequence of the last record; 0 for an empty journal.</summary>
    public required long Sequence { get; init; }

    /// <summary>The attempt that owns the run.</summary>
    public required int Epoch { get; init; }

    /// <summary>Pod of that attempt; absent before the first one.</summary>
    [MaxLength(253)]
    public string? Pod { get; init; }

    /// <summary>UID of that pod: the only one that can commit.</summary>
    [MaxLength(64)]
    public string? PodUid { get; init; }

    /// <summary>Model answers so far.</summary>
    public int Steps { get; init; }

    /// <summary>When the last record was committed.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Tokens of the requests, cached ones included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>Tokens of the answers.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>Tokens of the requests that the provider had cached.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Model answers that were paid for.</summary>
    public long ModelCalls { get; init; }

    /// <summary>Tool calls that ended.</summary>
    public long ToolCalls { get; init; }

    /// <summary>Sequence of the last record that was progress: an answer or a tool's outcome, not a claim.</summary>
    public long ProgressSequence { get; init; }

    /// <summary>Bytes of all records before compression.</summary>
    public long Bytes { get; init; }

    /// <summary>SHA-256 of what cannot change in the run's spec, in hex.</summary>
    [MaxLength(64)]
    public string? SpecHash { get; init; }

    /// <summary>What step keys are derived from.</summary>
    [MaxLength(253)]
    public string? Lineage { get; init; }

    /// <summary>The tools that the run goes without and why; absent when there are none.</summary>
    [MaxLength(1024)]
    public string? LeftOutTools { get; init; }

    /// <summary>How the run ended; absent while it has not.</summary>
    public SegmentFinish? Finished { get; init; }
}
