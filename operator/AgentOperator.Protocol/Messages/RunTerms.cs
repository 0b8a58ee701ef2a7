namespace AgentOperator.Protocol;

/// <summary>What of a run can change while an attempt works.</summary>
/// <param name="Generation">The run's metadata.generation. Terms of an older one are out of date.</param>
/// <param name="Limits">The run's limits.</param>
/// <param name="Time">The gateway's time (UTC).</param>
/// <param name="Deadline">When the run is ended (UTC), to be compared with <paramref name="Time"/>; null without a deadline.</param>
public sealed record RunTerms(long Generation, RunLimits Limits, DateTimeOffset Time, DateTimeOffset? Deadline = null);
