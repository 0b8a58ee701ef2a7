using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Status;

namespace AgentOperator.Runs.Ending;

/// <summary>Cleans up a run that has ended: deletes all pods except the last ones, kept for their logs, and the run itself after its TTL.</summary>
internal static class EndedRun
{
    public static bool Applies(RunSnapshot snapshot) =>
        Phases.IsTerminal(snapshot.Status.Phase) && !WasCorrected(snapshot) && !snapshot.IsEndDisputed;

    /// <summary>
    /// Whether the end in the status may be somebody else's word. An end that the journal cannot confirm, of a rejected spec or a broken journal, is
    /// taken from the status.
    /// </summary>
    /// <param name="snapshot">The run.</param>
    /// <param name="isJournalOpen">Whether the caches show that the journal has not ended.</param>
    public static bool IsDoubtful(RunSnapshot snapshot, bool isJournalOpen)
    {
        var finished = snapshot.Status.FindCondition(ConditionTypes.Finished);
        return finished?.Status != ConditionStatuses.True
            || (snapshot.Status.Phase == Phases.Succeeded) != (finished.Reason == Reasons.Completed)
            || (finished.Reason is not (Reasons.InvalidSpec or Reasons.JournalBroken) && (isJournalOpen || snapshot.Status.Attempt is null));
    }

    public static RunPlan Plan(RunSnapshot snapshot)
    {
        if (TtlAfterFinished.HasExpired(snapshot))
        {
            return new RunPlan([new RunAction.DeleteRun()], snapshot.Status);
        }

        var status = snapshot.Status with { ObservedGeneration = snapshot.Run.Metadata.Generation, Conditions = Conditions.Observed(snapshot) };
        return new RunPlan(PodCleanup.OfEnded(snapshot), status, TtlAfterFinished.ExpiresAt(snapshot));
    }

    /// <summary>Whether the run was rejected before it started and its spec has changed since, so that it must be validated again.</summary>
    private static bool WasCorrected(RunSnapshot snapshot) =>
        snapshot.Status.Attempt is null
        && snapshot.Status.FindCondition(ConditionTypes.Finished)?.Reason == Reasons.InvalidSpec
        && snapshot.Status.ObservedGeneration != snapshot.Run.Metadata.Generation;
}
