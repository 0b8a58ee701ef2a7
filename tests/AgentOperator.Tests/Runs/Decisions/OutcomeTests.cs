using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>What each way for a pod to end is called, and what it costs.</summary>
internal sealed class OutcomeTests
{
    private static readonly DateTimeOffset At = SnapshotBuilder.Now.AddSeconds(-3);

    private static IEnumerable<TestCaseData> Ends()
    {
        yield return Case("OOMKilled with 137", pod => PodState.OomKilled(pod, At), Outcomes.OutOfMemory, failures: 0);
        yield return Case("137 without OOMKilled", pod => PodState.Exited(pod, 137, At), Outcomes.Error, failures: 1);
        yield return Case("OOMKilled with another exit code", pod => PodState.Exited(pod, 1, At, "OOMKilled"), Outcomes.Error, failures: 1);
        yield return Case("managed heap exhausted", pod => PodState.Exited(pod, RunnerExitCodes.OutOfManagedMemory, At), Outcomes.OutOfMemory, failures: 0);
        yield return Case("evicted by node pressure", pod => PodState.Evicted(pod, At), Outcomes.Evicted, failures: 0);
        yield return Case(
            "evicted for its own disk",
            pod => PodState.Evicted(pod, At, "Pod ephemeral local storage usage exceeds the total limit of containers 100Mi. "),
            Outcomes.Evicted,
            failures: 1);
        yield return Case("evicted before a container started", pod => PodState.FailedWithoutContainer(pod, "Evicted"), Outcomes.Evicted, failures: 0);
        yield return Case("preempted by the kubelet", pod => PodState.FailedWithoutContainer(pod, "Preempting"), Outcomes.Preempted, failures: 0);
        yield return Case("node shut down", pod => PodState.FailedWithoutContainer(pod, "Terminated", "node shutdown"), Outcomes.Drained, failures: 0);
        yield return Case("refused by the kubelet", pod => PodState.FailedWithoutContainer(pod, "OutOfpods"), Outcomes.StartFailed, failures: 1);
        yield return Case("container lost by the kubelet", pod => PodState.Exited(pod, 137, At, "ContainerStatusUnknown"), Outcomes.NodeLost, failures: 0);
        yield return Case("preempted by the scheduler", pod => Disrupted(pod, "PreemptionByScheduler"), Outcomes.Preempted, failures: 0);
        yield return Case("drained", pod => Disrupted(pod, "EvictionByEvictionAPI"), Outcomes.Drained, failures: 0);
        yield return Case("taint manager", pod => Disrupted(pod, "DeletionByTaintManager"), Outcomes.NodeLost, failures: 0);
        yield return Case("pod garbage collector", pod => Disrupted(pod, "DeletionByPodGC"), Outcomes.NodeLost, failures: 0);
        yield return Case("kubelet, newer servers", pod => Disrupted(pod, "TerminationByKubelet"), Outcomes.Evicted, failures: 0);
        yield return Case("killed while being deleted", pod => PodState.Deleting(PodState.Exited(pod, 143, At), At.AddSeconds(30)), Outcomes.PodDeleted, failures: 0);
        yield return Case(
            "deleted and its container forgotten by the kubelet",
            pod => PodState.Deleting(PodState.FailedWithoutContainer(pod, null), At.AddSeconds(30)),
            Outcomes.PodDeleted,
            failures: 0);
        yield return Case("parked on request", pod => PodState.Exited(pod, RunnerExitCodes.Parked, At), Outcomes.Drained, failures: 0);
        yield return Case("exit 0 without a result", pod => PodState.Exited(pod, 0, At), Outcomes.Error, failures: 1);
        yield return Case("a defect", pod => PodState.Exited(pod, 1, At), Outcomes.Error, failures: 1);
        yield return Case("endpoint down", pod => PodState.Exited(pod, RunnerExitCodes.EndpointDown, At), Outcomes.EndpointDown, failures: 1);
        yield return Case("fenced for no reason that is known", pod => PodState.Exited(pod, RunnerExitCodes.Fenced, At), Outcomes.Fenced, failures: 1);
        yield return Case("journal broken", pod => PodState.Exited(pod, RunnerExitCodes.Fenced, At, message: "JournalBroken: record 7"), Outcomes.Fenced, failures: 0);
        yield return Case("spec refused by the runner", pod => PodState.Exited(pod, RunnerExitCodes.InvalidSpec, At), Outcomes.InvalidSpec, failures: 0);
        yield return Case("budget", pod => PodState.Exited(pod, RunnerExitCodes.BudgetExhausted, At), Outcomes.BudgetExhausted, failures: 0);
        yield return Case("key refused", pod => PodState.Exited(pod, RunnerExitCodes.AuthOrQuota, At), Outcomes.ModelRejected, failures: 0);
        yield return Case("unknown image", pod => PodState.Waiting(pod, "ImagePullBackOff"), Outcomes.StartFailed, failures: 1);
        yield return Case("image name that is none", pod => PodState.Waiting(pod, "InvalidImageName"), Outcomes.StartFailed, failures: 1);
        yield return Case(
            "a deleted pod whose node does not answer",
            pod => PodState.Deleting(PodState.Running(pod, At), SnapshotBuilder.Now.AddSeconds(-31)),
            Outcomes.NodeLost,
            failures: 0);

        static V1Pod Disrupted(V1Pod pod, string reason) => PodState.WithCondition(PodState.Exited(pod, 143, At), "DisruptionTarget", "True", reason);

        static TestCaseData Case(string name, Func<V1Pod, V1Pod> state, string outcome, int failures) =>
            new TestCaseData(state, outcome, failures).SetName($"Decide_{name.Replace(' ', '_')}_{outcome}");
    }

    [TestCaseSource(nameof(Ends))]
    public void Decide_PodEnded_RecordsOutcomeBeforeAnythingElse(Func<V1Pod, V1Pod> state, string outcome, int failures)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, state).Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(outcome));
            Assert.That(plan.Status.LastExit, Is.EqualTo(outcome));
            Assert.That(plan.Status.Failures, Is.EqualTo(failures));
            Assert.That(plan.Status.Attempts[^1].ToSequence, Is.EqualTo(2));
            Assert.That(plan.Actions, Is.Empty, "the end is recorded before the next attempt is begun");
        });
    }

    [TestCaseSource(nameof(Ends))]
    public void Decide_PodEndedAfterProgress_CostsNoFailure(Func<V1Pod, V1Pod> state, string outcome, int failures)
    {
        var plan = new SnapshotBuilder().Head(1, sequence: 9, progress: 8).Attempt(1, failures: 2).Pod(1, state).Decide();

        Assert.That(plan.Status.Failures, Is.Zero, $"{outcome} without progress would be {failures}");
    }

    [Test]
    public void Decide_PodGone_PodDeleted()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.PodDeleted));
        Assert.That(plan.Status.Failures, Is.Zero);
    }

    [Test]
    public void Decide_PodGoneAfterItsDisruptionWasSeen_KeepsTheDisruption()
    {
        var seen = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.Deleting(PodState.WithCondition(PodState.Running(pod, At), "DisruptionTarget", "True", "EvictionByEvictionAPI"), SnapshotBuilder.Now.AddSeconds(20)))
            .Decide();
        Assert.That(seen.Status.Attempts![^1].Outcome, Is.Null);

        var plan = new SnapshotBuilder().Head(1).Status(seen.Status).Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.Drained));
    }

    [TestCase(Outcomes.Suspended, 75)]
    [TestCase(Outcomes.Suspended, 143)]
    [TestCase(Outcomes.OutOfMemory, 137)]
    public void Decide_PodEndedWhileSuspending_SuspendedUnlessItDiedOfSomethingElse(string outcome, int exitCode)
    {
        var plan = new SnapshotBuilder().Run(run => run.Suspended()).Head(1).Attempt(1)
            .Pod(1, pod => PodState.Deleting(PodState.Exited(pod, exitCode, At, exitCode == 137 ? "OOMKilled" : null), At.AddSeconds(30)))
            .Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(outcome));
        Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Suspended));
    }

    [Test]
    public void Decide_ImagePullFailsForAMoment_KeepsWaiting()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.Waiting(pod with { Metadata = pod.Metadata with { CreationTimestamp = SnapshotBuilder.Now.AddSeconds(-60).UtcDateTime } }, "ErrImagePull", "no such host"))
            .Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Status.Attempts![^1].Outcome, Is.Null);
            Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Queued));
            Assert.That(plan.CheckAt, Is.EqualTo(SnapshotBuilder.Now.AddSeconds(60)));
            Assert.That(plan.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Running).Message, Does.Contain("ErrImagePull").And.Contain("no such host"));
        });
    }
}
