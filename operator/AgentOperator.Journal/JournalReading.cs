using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>The records of one read, with the journal's head at that moment.</summary>
public sealed record JournalReading(JournalHead Head, IReadOnlyList<JournalRecord> Records);
