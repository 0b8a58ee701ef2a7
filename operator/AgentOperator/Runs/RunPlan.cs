using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>The result of a decision.</summary>
/// <param name="Actions">
/// The writes, in order. If there are any, the decision is made again afterwards. So each decision covers only the current state, and the next
/// reconcile recovers if the operator dies between two writes.
/// </param>
/// <param name="Status">The status for the current state. Applied once no action is left.</param>
/// <param name="CheckAt">When to decide again even if nothing changes; null for never.</param>
internal sealed record RunPlan(IReadOnlyList<RunAction> Actions, AgentRunStatus Status, DateTimeOffset? CheckAt = null)
{
    /// <summary>The earlier of this plan's time and another.</summary>
    public RunPlan CheckedBy(DateTimeOffset? time) => time is null || CheckAt <= time ? this : this with { CheckAt = time };
}
