namespace AgentOperator.Protocol;

/// <summary>A page of the journal: the answer to GET <see cref="Routes.Journal"/>.</summary>
/// <param name="Records">The records after the asked sequence, in order.</param>
/// <param name="HeadSequence">The sequence of the journal's last record. When it is beyond the page's last record, ask again.</param>
public sealed record JournalPage(IReadOnlyList<JournalRecord> Records, long HeadSequence);
