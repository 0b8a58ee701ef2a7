using AgentOperator.Api;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>Counts consecutive attempts that failed without committing anything. Attempts that get somewhere are not bounded.</summary>
internal static class FailureBudget
{
    /// <summary>The count after an attempt ended.</summary>
    public static int After(int failures, OutcomeRow row, bool progress) => progress ? 0 : row.CostsFailure ? failures + 1 : failures;

    /// <summary>Whether the attempt that ended was one failure too many, and nothing was committed in its place since.</summary>
    public static bool IsExhausted(RunSnapshot snapshot, AttemptStatus last) =>
        snapshot.Status.Failures >= snapshot.Spec.Recovery.MaxFailures && !AttemptEnding.HasProgress(last, snapshot.Head);
}
