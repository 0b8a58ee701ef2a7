using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Ending;

/// <summary>Ends runs at their deadline.</summary>
internal static class Deadline
{
    /// <summary>The run's deadline; null before it starts or if it has none.</summary>
    public static DateTimeOffset? Of(RunSnapshot snapshot) =>
        RunStart.Of(snapshot.Run) is { } started && snapshot.Spec.Limits.ActiveDeadlineSeconds is { } seconds ? started.AddSeconds(seconds) : null;

    public static bool HasPassed(RunSnapshot snapshot) => snapshot.Head is not null && Of(snapshot) <= snapshot.Now;

    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog attempts)
    {
        var end = new RunFinishedPayload
        {
            Outcome = RunOutcome.Failed,
            Reason = Reasons.DeadlineExceeded,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"The run did not end within {snapshot.Spec.Limits.ActiveDeadlineSeconds} s (spec.limits.activeDeadlineSeconds)."),
        };
        return new RunPlan([new RunAction.Finish(end)], snapshot.Status);
    }
}
