using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>The fields that a <see cref="JournalSegment"/> and its header share.</summary>
public abstract record JournalSegmentFields
{
    /// <summary>Name of the run.</summary>
    [MaxLength(253)]
    public required string RunName { get; init; }

    /// <summary>UID of the run.</summary>
    [MaxLength(64)]
    public required string RunUid { get; init; }

    /// <summary>The segment's index within the journal, from 1.</summary>
    [Range(1, 1000000)]
    public required int Index { get; init; }

    /// <summary>Sequence of the segment's first record, from 1.</summary>
    [Range(1, 1000000000000)]
    public required long FirstSequence { get; init; }

    /// <summary>Number of records in the segment.</summary>
    [Range(0, JournalSegment.MaxRecords)]
    public required int Count { get; init; }

    /// <summary>Whether the segment is full. Later records go to the next segment.</summary>
    public bool Sealed { get; init; }

    /// <summary>SHA-256 of the last record before this segment, in hex; 64 zeros for the first segment.</summary>
    [RegularExpression(Patterns.Sha256), MaxLength(64)]
    public required string PrevHash { get; init; }

    /// <summary>SHA-256 of the last record, in hex.</summary>
    [RegularExpression(Patterns.Sha256), MaxLength(64)]
    public required string HeadHash { get; init; }

    /// <summary>The journal's state after the last record of this segment.</summary>
    public required JournalSummary Head { get; init; }
}
