using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>The journal's head.</summary>
public sealed record CheckpointStatus
{
    /// <summary>Sequence of the last committed record.</summary>
    public long Sequence { get; init; }

    /// <summary>Number of committed model answers.</summary>
    public int Step { get; init; }

    /// <summary>The attempt that committed the last record.</summary>
    public int Epoch { get; init; }

    /// <summary>When the last record was committed.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>SHA-256 of the last record, in hex.</summary>
    [MaxLength(64)]
    public string? HeadHash { get; init; }

    /// <summary>Where the journal is stored. Always Kubernetes.</summary>
    [MaxLength(32)]
    public string? Store { get; init; }

    /// <summary>The journal's compressed size, in bytes.</summary>
    public long? Bytes { get; init; }

    /// <summary>Kind of the last record, such as "ToolResult of shell". Never its content.</summary>
    [MaxLength(256)]
    public string? Summary { get; init; }

    /// <summary>The checkpoint of a journal.</summary>
    /// <param name="summary">What its records add up to.</param>
    /// <param name="headHash">Hash of its last record.</param>
    /// <param name="store">Where it is stored.</param>
    public static CheckpointStatus Of(JournalSummary summary, string headHash, string store) => new()
    {
        Sequence = summary.Sequence,
        Step = summary.Steps,
        Epoch = summary.Epoch,
        Time = Times.Whole(summary.Time),
        HeadHash = headHash,
        Store = store,
        Bytes = summary.Bytes,
    };
}
