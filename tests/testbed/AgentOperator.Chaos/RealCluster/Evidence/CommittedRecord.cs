namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>A record of a run's journal, as far as it is judged.</summary>
/// <param name="Sequence">Its place, from 1.</param>
/// <param name="Epoch">The attempt that committed it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="CallId">The tool call that it is about.</param>
/// <param name="Time">When it was committed.</param>
/// <param name="Content">What the model is told of a tool call; null for others.</param>
internal sealed record CommittedRecord(long Sequence, int Epoch, string Kind, string? CallId, DateTimeOffset Time, string? Content);
