using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A slice of a run's journal.</summary>
public sealed record JournalSegmentSpec : JournalSegmentFields
{
    /// <summary>The records in order, each compressed.</summary>
    [MaxLength(JournalSegment.MaxRecords), Items(JournalSegment.MaxRecordLength)]
    public IReadOnlyList<byte[]> Records { get; init; } = [];
}
