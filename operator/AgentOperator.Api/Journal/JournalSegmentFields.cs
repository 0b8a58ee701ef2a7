using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>What a <see cref="JournalSegment"/> and its header have in common.</summary>
public abstract record JournalSegmentFields
{
    /// <summary>Name of the run.</summary>
    [MaxLength(253)]
    public required string RunName { get; init; }

    /// <summary>UID of the run.</summary>
    [MaxLength(64)]
    public required string RunUid { get; init; }

    /// <summary>The segment's place in the journal, from 1.</summary>
    [Range(1, 1000000)]
    public required int Index { get; init; }

    /// <summary>Sequence of its first record, from 1.</summary>
    [Range(1, 1000000000000)]
    public required long FirstSequence { get; init; }

    /// <summary>How many records it holds.</summary>
    [Range(0, JournalSegment.MaxRecords)]
    public required int Count { get; init; }

    /// <summary>No record will be added; the next segment goes on.</summary>
    public bool Sealed { get; init; }

    /// <summary>SHA-256 of the record before the first one, in hex; 64 zeros at the journal's beginning.</summary>
    [RegularExpression(Patterns.Sha256), MaxLength(64)]
    public required string PrevHash { get; init; }

    /// <summary>SHA-256 of the last record, in hex.</summary>
    [RegularExpression(Patterns.Sha256), MaxLength(64)]
    public required string HeadHash { get; init; }

    /// <summary>The journal as it stands after the last record of this segment.</summary>
    public required SegmentHead Head { get; init; }
}
