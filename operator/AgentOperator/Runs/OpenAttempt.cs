using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using AgentOperator.Runs.Waiting;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Plans for a run whose newest attempt is open: its epoch is claimed and its end is not recorded.</summary>
internal static class OpenAttempt
{
    public static RunPlan Plan(RunSnapshot snapshot, AttemptLog attempts)
    {
        var current = attempts.Current!;
        if (attempts.Pod is not { } pod)
        {
            return AttemptEnding.Plan(snapshot, attempts, OutcomeClassifier.Gone(current, snapshot));
        }

        if (OutcomeClassifier.Classify(pod, current, snapshot) is { } ended)
        {
            return AttemptEnding.Plan(snapshot, attempts, ended);
        }

        if (!PodMarks.AreWhole(pod, snapshot.Run, attempts.Number))
        {
            return new RunPlan([new RunAction.RestorePod(pod, attempts.Number)], snapshot.Status);
        }

        if (PodFacts.IsDeleting(pod))
        {
            return PodFacts.IsOverdue(pod, snapshot.Now)
                ? AttemptEnding.Plan(snapshot, attempts, NodeLost(pod, snapshot))
                : new RunPlan(PodCleanup.Of(snapshot, pod), StatusBuilder.Build(snapshot, attempts, Terminating(pod)), PodFacts.OverdueAt(pod));
        }

        if (snapshot.Spec.Suspend)
        {
            return new RunPlan([new RunAction.DeletePod(pod, "the run is suspended")], snapshot.Status);
        }

        var lost = StartFailure.Find(pod, snapshot) ?? HangDetector.Find(pod, snapshot);
        return lost is not null ? AttemptEnding.Plan(snapshot, attempts, lost) : Working(snapshot, attempts, pod);
    }

    private static RunPlan Working(RunSnapshot snapshot, AttemptLog attempts, V1Pod pod)
    {
        var running = PodFacts.RunningSince(pod) is not null;
        var report = running
            ? new PhaseReport(
                Phases.Running, snapshot.Outage?.Reason ?? Reasons.PodRunning,
                $"Attempt {attempts.Number} is running in pod {pod.Metadata.Name} on node {pod.Spec.NodeName}."
                    + (snapshot.Outage is { } outage ? $" {OutageGate.Describe(snapshot, outage)}" : "")) { IsRunning = true }
            : Starting(attempts, pod);

        // Check often enough to notice gaps in observation, and at the moment when the heartbeat times out.
        var look = snapshot.Now.AddSeconds(snapshot.Spec.Recovery.HeartbeatTimeoutSeconds / 3.0);
        var check = running ? Times.Earliest(look, HangDetector.HungAt(pod, snapshot)) : StartFailure.FailsAt(pod, snapshot.Spec.Recovery);
        return new RunPlan(PodCleanup.Of(snapshot, pod), StatusBuilder.Build(snapshot, attempts, report), check);
    }

    private static PhaseReport Starting(AttemptLog attempts, V1Pod pod) => StartFailure.BlockerOf(pod) is { } blocker
        ? new PhaseReport(Phases.Waiting, blocker.Reason, blocker.Message) { WaitingFor = blocker.Message }
        : new PhaseReport(attempts.Number == 1 ? Phases.Queued : Phases.Recovering, Reasons.PodPending, PodFacts.PendingMessage(pod));

    private static PhaseReport Terminating(V1Pod pod) =>
        new(Phases.Running, Reasons.PodTerminating, $"Pod {pod.Metadata.Name} is stopping.") { IsRunning = true };

    private static AttemptEnd NodeLost(V1Pod pod, RunSnapshot snapshot) =>
        new(Outcomes.NodeLost, snapshot.Now)
        {
            Message = $"Pod {pod.Metadata.Name} did not stop in time; its node {pod.Spec.NodeName} is not responding.",
        };
}
