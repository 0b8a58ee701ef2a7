namespace AgentOperator.Journal;

/// <summary>Who appends: the pod that holds an epoch. The store refuses any writer but the one that claimed the newest epoch.</summary>
public sealed record Writer(int Epoch, string PodUid);
