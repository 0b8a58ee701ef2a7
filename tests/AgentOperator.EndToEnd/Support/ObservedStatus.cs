namespace AgentOperator.EndToEnd.Support;

/// <summary>A status as a watcher of the run saw it.</summary>
/// <param name="Status">The status.</param>
/// <param name="Bytes">Its size as JSON.</param>
internal sealed record ObservedStatus(AgentRunStatus Status, int Bytes);
