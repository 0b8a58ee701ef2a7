namespace AgentOperator.Api;

/// <summary>The spec of a <see cref="JournalSegmentHeader"/>.</summary>
public sealed record JournalSegmentHeaderSpec : JournalSegmentFields;
