namespace AgentOperator.Benchmarks.Nodes;

/// <summary>How long a run took.</summary>
/// <param name="Total">From the arrival of its first model call to the end of its last, by the model's own log.</param>
/// <param name="PodStarts">From the end of each killed agent's process to the making of the next agent's.</param>
/// <param name="RepeatedModelCalls">Calls that the model had answered before, by its own log.</param>
internal sealed record StruckRunTimes(TimeSpan Total, IReadOnlyList<TimeSpan> PodStarts, int RepeatedModelCalls)
{
    /// <summary>The total without the pods' starts.</summary>
    public TimeSpan Working => Total - TimeSpan.FromTicks(PodStarts.Sum(start => start.Ticks));
}
