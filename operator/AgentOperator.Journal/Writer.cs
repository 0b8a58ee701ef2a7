namespace AgentOperator.Journal;

/// <summary>The pod that appends, and its epoch. The store rejects every writer except the one that claimed the newest epoch.</summary>
public sealed record Writer(int Epoch, string PodUid);
