using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Status;

namespace AgentOperator.Runs.Ending;

/// <summary>A run that has ended: its pods go, but for the last ones' logs, and after its time to live it goes itself.</summary>
internal static class EndedRun
{
    public static bool Applies(RunSnapshot snapshot) => Phases.IsTerminal(snapshot.Status.Phase) && !WasCorrected(snapshot);

    public static RunPlan Plan(RunSnapshot snapshot)
    {
        if (TtlAfterFinished.HasExpired(snapshot))
        {
            return new RunPlan([new RunAction.DeleteRun()], snapshot.Status);
        }

        var status = snapshot.Status with { ObservedGeneration = snapshot.Run.Metadata.Generation, Conditions = Conditions.Observed(snapshot) };
        return new RunPlan(PodCleanup.Of(snapshot, keep: null), status, TtlAfterFinished.ExpiresAt(snapshot));
    }

    /// <summary>Whether the run was rejected before it began and its spec has changed since: then it is judged anew.</summary>
    private static bool WasCorrected(RunSnapshot snapshot) =>
        snapshot.Status.Attempt is null
        && snapshot.Status.FindCondition(ConditionTypes.Finished)?.Reason == Reasons.InvalidSpec
        && snapshot.Status.ObservedGeneration != snapshot.Run.Metadata.Generation;
}
