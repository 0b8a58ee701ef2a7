using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>The records of one read, with the journal's head at that moment.</summary>
/// <param name="Head">The head.</param>
/// <param name="Stored">The records as they are stored.</param>
public sealed record JournalReading(JournalHead Head, IReadOnlyList<StoredRecord> Stored)
{
    /// <summary>The records.</summary>
    public IReadOnlyList<JournalRecord> Records { get; } = [.. Stored.Select(stored => stored.Record)];
}
