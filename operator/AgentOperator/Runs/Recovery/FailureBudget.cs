using AgentOperator.Api;
using AgentOperator.Runs.Attempts;

namespace AgentOperator.Runs.Recovery;

/// <summary>Counts consecutive failed attempts without progress. Attempts with progress are not limited.</summary>
internal static class FailureBudget
{
    /// <summary>The failure count after an attempt.</summary>
    public static int After(int failures, OutcomeRow row, bool progress) => progress ? 0 : row.CostsFailure ? failures + 1 : failures;

    /// <summary>Whether the failure limit is reached and nothing has been committed since the last attempt.</summary>
    public static bool IsExhausted(RunSnapshot snapshot, AttemptStatus last) =>
        snapshot.Status.Failures >= snapshot.Spec.Recovery.MaxFailures && !AttemptEnding.HasProgress(last, snapshot.Head);
}
