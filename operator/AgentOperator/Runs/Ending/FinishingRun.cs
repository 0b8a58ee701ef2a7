using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using AgentOperator.Protocol;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Status;

namespace AgentOperator.Runs.Ending;

/// <summary>
/// Finishes a run whose end is in the journal. The journal decides the result, whatever the pod's exit. The pod gets a moment to exit by itself.
/// </summary>
internal static class FinishingRun
{
    /// <summary>How long a pod may keep running after the run's end. It normally exits in well under a second.</summary>
    public static readonly TimeSpan ExitGrace = TimeSpan.FromSeconds(10);

    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog attempts)
    {
        var head = snapshot.Head!;
        var finished = head.Finished!;
        if (attempts.IsOpen && attempts.Pod is { } pod && PodFacts.IsAlive(pod, snapshot.Now) && snapshot.Now < head.Time + ExitGrace)
        {
            // After a deadline the agent does not know that the run has ended, so the pod must be deleted.
            var keep = finished.Reason == Reasons.DeadlineExceeded ? null : pod;
            var report = new PhaseReport(
                Phases.Running, Reasons.PodTerminating, $"The run has ended; pod {pod.Metadata.Name} is stopping.") { IsRunning = true };
            return new RunPlan(PodCleanup.Of(snapshot, keep), StatusBuilder.Build(snapshot, attempts, report), head.Time + ExitGrace);
        }

        var ended = attempts.IsOpen
            ? attempts.WithCurrent(AttemptEnding.Close(attempts.Current!, EndOf(snapshot, attempts, finished), head))
            : attempts;
        var status = StatusBuilder.Build(
            snapshot, ended, new PhaseReport(PhaseOf(finished.Outcome), finished.Reason, finished.Message ?? MessageOf(finished.Outcome)));
        var withResult = StatusSize.Fit(status with
        {
            FinishedAt = Times.Whole(head.Time),
            Result = finished.Result is { } text ? new ResultStatus { Text = TextLimit.Cut(text, StatusSize.MaxResultBytes) } : null,
        });
        return new RunPlan(PodCleanup.Of(snapshot, keep: null), withResult, TtlAfterFinished.ExpiresAt(snapshot.WithStatus(withResult)));
    }

    private static AttemptEnd EndOf(RunSnapshot snapshot, AttemptLog attempts, FinishSummary finished)
    {
        var outcome = OutcomePolicy.Usual(finished.Reason).EndsRun != RunEnding.Never ? finished.Reason : Outcomes.Completed;
        var exit = attempts.Pod is { } pod ? OutcomeClassifier.Classify(pod, attempts.Current!, snapshot) : null;

        // The end is committed, so the pod's exit changes neither reason nor message.
        return exit is null ? new AttemptEnd(outcome, snapshot.Head!.Time) { Message = finished.Message }
            : exit.Outcome == outcome ? exit
            : exit with { Outcome = outcome, Reason = outcome, Message = finished.Message, OwnLimit = false };
    }

    private static string PhaseOf(RunOutcome outcome) => outcome == RunOutcome.Succeeded ? Phases.Succeeded : Phases.Failed;

    private static string MessageOf(RunOutcome outcome) => outcome == RunOutcome.Succeeded ? "The agent gave its final answer." : "The run failed.";
}
