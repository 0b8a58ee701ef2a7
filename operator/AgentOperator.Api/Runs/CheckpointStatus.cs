using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>The journal's head.</summary>
public sealed record CheckpointStatus
{
    /// <summary>Sequence of the last committed record.</summary>
    public long Sequence { get; init; }

    /// <summary>Model answers that are committed.</summary>
    public int Step { get; init; }

    /// <summary>The attempt that committed it.</summary>
    public int Epoch { get; init; }

    /// <summary>When it was committed.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>SHA-256 of the last record, in hex.</summary>
    [MaxLength(64)]
    public string? HeadHash { get; init; }

    /// <summary>Where the journal is kept: Kubernetes.</summary>
    [MaxLength(32)]
    public string? Store { get; init; }

    /// <summary>The journal's size, compressed.</summary>
    public long? Bytes { get; init; }

    /// <summary>What the last record is, such as "ToolResult of shell"; never its content.</summary>
    [MaxLength(256)]
    public string? Summary { get; init; }
}
