using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>What a decision asks for.</summary>
/// <param name="Actions">
/// The writes, in order. When there are any, the decision is made again after them; so each decision asks only for what the state at hand calls for,
/// and a process that dies between two writes is repaired by the next reconcile like by the next round.
/// </param>
/// <param name="Status">The status that shows the state at hand. Applied when no action is left.</param>
/// <param name="CheckAt">When to decide again even if nothing changes; null for never.</param>
internal sealed record RunPlan(IReadOnlyList<RunAction> Actions, AgentRunStatus Status, DateTimeOffset? CheckAt = null)
{
    /// <summary>The earlier of this plan's time and another.</summary>
    public RunPlan CheckedBy(DateTimeOffset? time) => time is null || CheckAt <= time ? this : this with { CheckAt = time };
}
