namespace AgentOperator.Api;

/// <summary>What a <see cref="JournalSegment"/> says of its records.</summary>
public sealed record JournalSegmentHeaderSpec : JournalSegmentFields;
