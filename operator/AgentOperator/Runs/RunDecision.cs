using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Ending;

namespace AgentOperator.Runs;

/// <summary>
/// Decides what to do next for a run. Pure: the same snapshot gives the same plan. Rules are in order of precedence.
/// </summary>
internal static class RunDecision
{
    public static RunPlan Decide(RunSnapshot snapshot)
    {
        if (DeletingRun.Applies(snapshot))
        {
            return DeletingRun.Plan(snapshot);
        }

        if (EndedRun.Applies(snapshot))
        {
            return EndedRun.Plan(snapshot);
        }

        if (RejectedRun.Applies(snapshot))
        {
            return RejectedRun.Plan(snapshot);
        }

        var attempts = AttemptLog.Of(snapshot);
        if (snapshot.IsJournalBroken)
        {
            return BrokenJournal.Plan(snapshot, attempts);
        }

        if (snapshot.Head?.Finished is not null)
        {
            return FinishingRun.Plan(snapshot, attempts);
        }

        if (Deadline.HasPassed(snapshot))
        {
            return Deadline.Plan(snapshot, attempts);
        }

        if (snapshot.Created is { } created)
        {
            return new RunPlan([new RunAction.ClaimEpoch(created)], snapshot.Status);
        }

        var plan = attempts.IsOpen ? OpenAttempt.Plan(snapshot, attempts) : BetweenAttempts.Plan(snapshot, attempts);
        return plan.CheckedBy(Deadline.Of(snapshot));
    }
}
