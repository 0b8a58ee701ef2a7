namespace AgentOperator.Protocol;

/// <summary>A page of the journal: the answer to GET <see cref="Routes.Journal"/>.</summary>
/// <param name="Records">The records after the requested sequence, in order.</param>
/// <param name="HeadSequence">The sequence of the journal's last record. If it is beyond this page, request the next page.</param>
public sealed record JournalPage(IReadOnlyList<JournalRecord> Records, long HeadSequence);
