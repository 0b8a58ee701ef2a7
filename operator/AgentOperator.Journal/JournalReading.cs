using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>Records as they were read, and the head of the journal at that same moment.</summary>
public sealed record JournalReading(JournalHead Head, IReadOnlyList<JournalRecord> Records);
