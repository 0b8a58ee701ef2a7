using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;

namespace AgentOperator.Runs.Ending;

/// <summary>Decides whether the last attempt's outcome ends the run.</summary>
internal static class FinalFailure
{
    /// <summary>The run's end after its last attempt; null if another attempt may follow.</summary>
    public static RunFinishedPayload? Of(RunSnapshot snapshot, AttemptLog attempts)
    {
        if (snapshot.Head is null || attempts.Current is not { Outcome: { } outcome } last)
        {
            return null;
        }

        var row = OutcomePolicy.Of(last, snapshot.Spec);
        return row.EndsRun == RunEnding.Always ? Failed(row.RunReason, last.Message ?? $"Attempt {last.Number} ended with {row.RunReason}.")
            : FailureBudget.IsExhausted(snapshot, last) ? Failed(outcome, Exhausted(snapshot, last))
            : null;
    }

    private static string Exhausted(RunSnapshot snapshot, AttemptStatus last)
    {
        var failures = snapshot.Status.Failures ?? 0;
        var exit = last.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" (exit code {code})") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Counted.Of(failures, "attempt")}{(failures == 1 ? "" : " in a row")} failed without progress; "
                + $"attempt {last.Number}, the last, ended with {last.Outcome}{exit}: {last.Message}");
    }

    private static RunFinishedPayload Failed(string reason, string message) =>
        new() { Outcome = RunOutcome.Failed, Reason = reason, Message = message };
}
