using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>Counts consecutive attempts that failed without committing anything. Attempts that get somewhere are not bounded.</summary>
internal static class FailureBudget
{
    /// <summary>Whether an end is the agent's own failure, as far as its outcome says.</summary>
    public static bool IsFailure(AttemptEnd end) =>
        end.Outcome is Outcomes.Error or Outcomes.Hung or Outcomes.StartFailed or Outcomes.EndpointDown
        || (end.Outcome == Outcomes.Evicted && end.OwnLimit)
        || (end.Outcome == Outcomes.Fenced && end.Reason is not (Reasons.Diverged or Reasons.JournalBroken));

    /// <summary>The count after an attempt ended.</summary>
    public static int After(int failures, AttemptEnd end, bool progress, AgentRunSpec spec) =>
        progress ? 0
        : IsFailure(end) || (end.Outcome == Outcomes.OutOfMemory && !MemoryLadder.Raises(spec)) ? failures + 1
        : failures;

    /// <summary>Whether the attempt that ended was one failure too many, and nothing was committed in its place since.</summary>
    public static bool IsExhausted(RunSnapshot snapshot, AttemptStatus last) =>
        snapshot.Status.Failures >= snapshot.Spec.Recovery.MaxFailures && !AttemptEnding.HasProgress(last, snapshot.Head);
}
