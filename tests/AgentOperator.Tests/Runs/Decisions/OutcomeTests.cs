using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>The outcome of each way in which a pod can end, and whether it costs a failure.</summary>
internal sealed class OutcomeTests
{
    private static readonly DateTimeOffset At = SnapshotBuilder.Now.AddSeconds(-3);

    /// <summary>Reasons of a kubelet to refuse a pod that another node accepts, or the same node later.</summary>
    private static readonly string[] PassingRefusals =
    [
        "OutOfpods", "OutOfcpu", "OutOfmemory", "OutOfephemeral-storage", "OutOfexample.com/gpu", "UnexpectedAdmissionError",
        "UnexpectedPredicateFailureType", "UnknownReason", "InvalidNodeInfo", "NodeAffinity", "NodeName", "NodePorts", "NodeUnschedulable",
        "TaintToleration", "TopologyAffinityError", "VolumeAttachmentLimitExceeded",
    ];

    /// <summary>Reasons of a kubelet to refuse a pod that no node like it ever accepts.</summary>
    private static readonly string[] LastingRefusals =
        ["AppArmor", "SysctlForbidden", "PodOSNotSupported", "PodOSSelectorNodeLabelDoesNotMatch", "SupplementalGroupsPolicyNotSupported"];

    private static IEnumerable<TestCaseData> Ends()
    {
        yield return Case("OOMKilled with 137", pod => PodState.OomKilled(pod, At), Outcomes.OutOfMemory, failures: 0);
        yield return Case("137 without OOMKilled", pod => PodState.Exited(pod, 137, At), Outcomes.Error, failures: 1);
        yield return Case("a code of no runner", pod => PodState.Exited(pod, 7, At), Outcomes.Error, failures: 1);
        yield return OomKilledWithCode("of no runner", 7, Outcomes.OutOfMemory, failures: 0);
        yield return OomKilledWithCode("of a defect", RunnerExitCodes.Error, Outcomes.Error, failures: 1);
        yield return OomKilledWithCode("of an internal error", RunnerExitCodes.InternalError, Outcomes.Error, failures: 1);
        yield return OomKilledWithCode("0 and no result", RunnerExitCodes.Done, Outcomes.Error, failures: 1);
        yield return OomKilledWithCode("of a refused spec", RunnerExitCodes.InvalidSpec, Outcomes.InvalidSpec, failures: 0);
        yield return OomKilledWithCode("of a budget", RunnerExitCodes.BudgetExhausted, Outcomes.BudgetExhausted, failures: 0);
        yield return OomKilledWithCode("of a fenced runner", RunnerExitCodes.Fenced, Outcomes.Fenced, failures: 1);
        yield return OomKilledWithCode("of a provider that is away", RunnerExitCodes.EndpointUnavailable, Outcomes.EndpointDown, failures: 0);
        yield return OomKilledWithCode("of a refused key", RunnerExitCodes.AuthOrQuota, Outcomes.ModelRejected, failures: 0);
        yield return OomKilledWithCode("of a parked runner", RunnerExitCodes.Parked, Outcomes.Error, failures: 1);
        yield return OomKilledWithCode("of a full managed heap", RunnerExitCodes.OutOfManagedMemory, Outcomes.OutOfMemory, failures: 0);
        yield return Case("OOMKilled and evicted", pod => OomKilledWith(pod, "Evicted"), Outcomes.Evicted, failures: 0);
        yield return Case("OOMKilled and preempted", pod => OomKilledWith(pod, "Preempting"), Outcomes.Preempted, failures: 0);
        yield return Case("OOMKilled and node shut down", pod => OomKilledWith(pod, "Terminated"), Outcomes.Drained, failures: 0);
        yield return Case("OOMKilled and drained", pod => OomKilledAnd(pod, "EvictionByEvictionAPI"), Outcomes.Drained, failures: 0);
        yield return Case("OOMKilled and preempted by another", pod => OomKilledAnd(pod, "PreemptionByScheduler"), Outcomes.Preempted, failures: 0);
        yield return Case("OOMKilled and ended by the kubelet", pod => OomKilledAnd(pod, "TerminationByKubelet"), Outcomes.Evicted, failures: 0);
        yield return Case(
            "managed heap exhausted", pod => PodState.Exited(pod, RunnerExitCodes.OutOfManagedMemory, At), Outcomes.OutOfMemory, failures: 0);
        yield return Case("evicted by node pressure", pod => PodState.Evicted(pod, At), Outcomes.Evicted, failures: 0);
        yield return Case(
            "evicted for its own disk",
            pod => PodState.Evicted(pod, At, "Pod ephemeral local storage usage exceeds the total limit of containers 100Mi. "),
            Outcomes.Evicted,
            failures: 1);
        yield return Case(
            "evicted before a container started", pod => PodState.FailedWithoutContainer(pod, "Evicted"), Outcomes.Evicted, failures: 0);
        yield return Case("preempted by the kubelet", pod => PodState.FailedWithoutContainer(pod, "Preempting"), Outcomes.Preempted, failures: 0);
        yield return Case(
            "node shut down", pod => PodState.FailedWithoutContainer(pod, "Terminated", "Pod was terminated in response to imminent node shutdown."),
            Outcomes.Drained, failures: 0);
        yield return Case(
            "node shut down, older kubelets", pod => PodState.FailedWithoutContainer(pod, "Shutdown", "Node is shutting, evicting pods"),
            Outcomes.Drained, failures: 0);
        yield return Case(
            "node shut down while it ran", pod => EndedWith(PodState.Exited(pod, 143, At), "Terminated"), Outcomes.Drained, failures: 0);
        yield return Case(
            "node shut down and the agent parked", pod => EndedWith(PodState.Exited(pod, RunnerExitCodes.Parked, At), "Terminated"), Outcomes.Drained,
            failures: 0);
        foreach (var reason in PassingRefusals)
        {
            yield return Case($"refused for {reason}", pod => PodState.FailedWithoutContainer(pod, reason), Outcomes.RejectedByNode, failures: 0);
        }

        foreach (var reason in LastingRefusals)
        {
            yield return Case($"never taken for {reason}", pod => PodState.FailedWithoutContainer(pod, reason), Outcomes.StartFailed, failures: 0);
            yield return Case(
                $"never taken for {reason} with a made up state", pod => EndedWith(PodState.Exited(pod, 137, At, "ContainerStatusUnknown"), reason),
                Outcomes.StartFailed, failures: 0);
        }

        yield return Case("refused by a node that stops", pod => PodState.FailedWithoutContainer(pod, "NodeShutdown"), Outcomes.Drained, failures: 0);
        yield return Case("refused while it ran", pod => OomKilledWith(pod, "OutOfmemory"), Outcomes.RejectedByNode, failures: 0);
        yield return Case(
            "container lost by the kubelet", pod => PodState.Exited(pod, 137, At, "ContainerStatusUnknown"), Outcomes.NodeLost, failures: 0);
        yield return Case(
            "node rebooted before it was missed", pod => PodState.Exited(pod, 255, At, "Unknown"), Outcomes.NodeLost, failures: 0);
        yield return Case("the agent's own 255", pod => PodState.Exited(pod, 255, At), Outcomes.Error, failures: 1);
        yield return Case("preempted by the scheduler", pod => Disrupted(pod, "PreemptionByScheduler"), Outcomes.Preempted, failures: 0);
        yield return Case("drained", pod => Disrupted(pod, "EvictionByEvictionAPI"), Outcomes.Drained, failures: 0);
        yield return Case("tainted by an administrator", pod => Disrupted(pod, "DeletionByTaintManager"), Outcomes.Drained, failures: 0);
        yield return Case("pod garbage collector", pod => Disrupted(pod, "DeletionByPodGC"), Outcomes.NodeLost, failures: 0);
        yield return Case("kubelet, newer servers", pod => Disrupted(pod, "TerminationByKubelet"), Outcomes.Evicted, failures: 0);
        yield return Case(
            "killed while being deleted", pod => PodState.Deleting(PodState.Exited(pod, 143, At), At.AddSeconds(30)), Outcomes.PodDeleted,
            failures: 0);
        yield return Case(
            "deleted and its container forgotten by the kubelet",
            pod => PodState.Deleting(PodState.FailedWithoutContainer(pod, null), At.AddSeconds(30)),
            Outcomes.PodDeleted,
            failures: 0);
        yield return Case("parked though nobody asked", Parked, Outcomes.Error, failures: 1);
        yield return Case("parked and deleted", pod => PodState.Deleting(Parked(pod), At.AddSeconds(30)), Outcomes.PodDeleted, failures: 0);
        yield return Case(
            "parked and drained", pod => PodState.WithCondition(Parked(pod), "DisruptionTarget", "True", "EvictionByEvictionAPI"), Outcomes.Drained,
            failures: 0);
        yield return Case(
            "parked and disrupted in a new way", pod => PodState.WithCondition(Parked(pod), "DisruptionTarget", "True", "New"), Outcomes.Drained,
            failures: 0);
        yield return Case("parked and ended by a kubelet in a new way", pod => EndedWith(Parked(pod), "New"), Outcomes.Drained, failures: 0);
        yield return Case("exit 0 without a result", pod => PodState.Exited(pod, 0, At), Outcomes.Error, failures: 1);
        yield return Case("a defect", pod => PodState.Exited(pod, 1, At), Outcomes.Error, failures: 1);
        yield return Case(
            "provider unavailable",
            pod => PodState.Exited(
                pod, RunnerExitCodes.EndpointUnavailable, At, message: """{"reason":"EndpointUnavailable","message":"The model endpoint answered 503."}"""),
            Outcomes.EndpointDown,
            failures: 0);
        yield return Case(
            "MCP server unavailable",
            pod => PodState.Exited(
                pod, RunnerExitCodes.EndpointUnavailable, At, message: """{"reason":"McpServerUnavailable","message":"It answered 401."}"""),
            Outcomes.EndpointDown,
            failures: 0);
        yield return Case(
            "gateway unavailable",
            pod => PodState.Exited(
                pod, RunnerExitCodes.EndpointUnavailable, At, message: """{"reason":"GatewayUnavailable","message":"No route."}"""),
            Outcomes.EndpointDown,
            failures: 0);
        yield return Case(
            "something unavailable", pod => PodState.Exited(pod, RunnerExitCodes.EndpointUnavailable, At), Outcomes.EndpointDown, failures: 0);
        yield return Case(
            "fenced for no reason that is known", pod => PodState.Exited(pod, RunnerExitCodes.Fenced, At), Outcomes.Fenced, failures: 1);
        yield return Case(
            "journal broken", pod => PodState.Exited(pod, RunnerExitCodes.Fenced, At, message: "JournalBroken: record 7"), Outcomes.Fenced,
            failures: 0);
        yield return Case(
            "journal broken, by a report",
            pod => PodState.Exited(pod, RunnerExitCodes.Fenced, At, message: """{"reason":"JournalBroken","message":"Record 7."}"""),
            Outcomes.Fenced,
            failures: 0);
        yield return Case(
            "a runner older than a record",
            pod => PodState.Exited(pod, RunnerExitCodes.Fenced, At, message: """{"reason":"NewerRecord","message":"Record 7."}"""),
            Outcomes.Fenced,
            failures: 0);
        yield return Case(
            "spec refused by the runner", pod => PodState.Exited(pod, RunnerExitCodes.InvalidSpec, At), Outcomes.InvalidSpec, failures: 0);
        yield return Case("budget", pod => PodState.Exited(pod, RunnerExitCodes.BudgetExhausted, At), Outcomes.BudgetExhausted, failures: 0);
        yield return Case("key refused", pod => PodState.Exited(pod, RunnerExitCodes.AuthOrQuota, At), Outcomes.ModelRejected, failures: 0);
        yield return Case("unknown image", pod => PodState.Waiting(pod, "ImagePullBackOff"), Outcomes.StartFailed, failures: 0);
        yield return Case("image name that is none", pod => PodState.Waiting(pod, "InvalidImageName"), Outcomes.StartFailed, failures: 0);
        yield return Case("missing Secret", pod => PodState.Waiting(pod, "CreateContainerConfigError"), Outcomes.StartFailed, failures: 0);
        yield return Case("container not created", pod => PodState.Waiting(pod, "CreateContainerError"), Outcomes.StartFailed, failures: 0);
        yield return Case(
            "volume not mounted",
            pod => PodState.WithCondition(PodState.Waiting(pod, "ContainerCreating"), "PodReadyToStartContainers", "False", ""),
            Outcomes.StartFailed,
            failures: 0);
        yield return Case(
            "entrypoint not found", pod => PodState.Exited(pod, 128, At, "StartError", "exec: \"/agent\": no such file"), Outcomes.StartFailed,
            failures: 0);
        yield return Case(
            "entrypoint not found, Docker", pod => PodState.Exited(pod, 127, At, "ContainerCannotRun"), Outcomes.StartFailed, failures: 0);
        yield return Case(
            "a deleted pod whose node does not answer",
            pod => PodState.Deleting(PodState.Running(pod, At), SnapshotBuilder.Now.AddSeconds(-31)),
            Outcomes.NodeLost,
            failures: 0);

        static V1Pod Parked(V1Pod pod) => PodState.Exited(pod, RunnerExitCodes.Parked, At);

        static V1Pod Disrupted(V1Pod pod, string reason) => PodState.WithCondition(PodState.Exited(pod, 143, At), "DisruptionTarget", "True", reason);

        static TestCaseData OomKilledWithCode(string name, int code, string outcome, int failures) =>
            Case($"OOMKilled with the code {name}", pod => PodState.Exited(pod, code, At, "OOMKilled"), outcome, failures);

        static V1Pod OomKilledAnd(V1Pod pod, string reason) =>
            PodState.WithCondition(PodState.OomKilled(pod, At), "DisruptionTarget", "True", reason);

        static V1Pod OomKilledWith(V1Pod pod, string reason) => EndedWith(PodState.OomKilled(pod, At), reason);

        static V1Pod EndedWith(V1Pod pod, string reason) => pod with { Status = pod.Status with { Reason = reason } };

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

    [TestCase("Error", "The agent was killed (SIGKILL, exit code 137), but not for its memory.")]
    [TestCase("OOMKilled", "OOM-killed at a memory limit of 512Mi.")]
    public void Decide_AgentWasKilled_MessageSaysWhetherForMemory(string reason, string message)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Exited(pod, 137, At, reason)).Decide();

        Assert.That(plan.Status.Attempts![^1].Message, Is.EqualTo(message));
    }

    [TestCase(1, "1 attempt failed without progress; ")]
    [TestCase(2, "2 attempts in a row failed without progress; ")]
    public void Decide_FailuresAreUsedUp_MessageCountsThem(int failures, string start)
    {
        var plan = new SnapshotBuilder().Run(run => run.Recovery(recovery => recovery with { MaxFailures = failures })).Head(1)
            .Attempt(1, Outcomes.Error, failures: failures).Decide();

        Assert.That(plan.Actions.OfType<RunAction.Finish>().Single().End.Message, Does.StartWith(start));
    }

    [TestCaseSource(nameof(Ends))]
    public void Decide_PodEndedOtherwiseThanForMemory_NamesNoOomKill(Func<V1Pod, V1Pod> state, string outcome, int failures)
    {
        var attempt = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, state).Decide().Status.Attempts![^1];

        Assert.That(attempt.Reason, outcome == Outcomes.OutOfMemory ? Is.Not.Null : Is.Not.EqualTo("OOMKilled"), $"costs {failures}");
    }

    [TestCase(0)]
    [TestCase(137)]
    public void Decide_RunCompletedAndAProcessWasOomKilled_NamesNoOomKill(int exitCode)
    {
        var finished = new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed };
        var attempt = new SnapshotBuilder().Head(1, finished: finished).Attempt(1)
            .Pod(1, pod => PodState.Exited(pod, exitCode, At, "OOMKilled")).Decide().Status.Attempts![^1];

        Assert.That((attempt.Outcome, attempt.ExitCode, attempt.Reason), Is.EqualTo((Outcomes.Completed, exitCode, "Completed")));
    }

    [TestCase("Evicted", null)]
    [TestCase(null, "EvictionByEvictionAPI")]
    public void Decide_EvictedAfterAChildWasOomKilled_NextAttemptHasTheSameMemory(string? reason, string? target)
    {
        var ended = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod =>
        {
            var killed = PodState.OomKilled(pod, At);
            killed = killed with { Status = killed.Status with { Reason = reason } };
            return target is null ? killed : PodState.WithCondition(killed, "DisruptionTarget", "True", target);
        }).Decide();

        var next = new SnapshotBuilder().Head(1).Status(ended.Status).Decide();

        Assert.That(next.Actions.OfType<RunAction.CreatePod>().Single().MemoryLimit, Is.EqualTo("512Mi"));
    }

    [Test]
    public void Decide_NodeRefusesPodAfterPod_SlowsDownButCostsNoFailure()
    {
        var plan = new SnapshotBuilder().Head(3)
            .Attempt(1, Outcomes.RejectedByNode, to: 2).Attempt(2, Outcomes.RejectedByNode, from: 2, to: 3).Attempt(3, from: 3)
            .With(snapshot => snapshot with { Head = snapshot.Head! with { Sequence = 4 } })
            .Pod(3, pod => PodState.FailedWithoutContainer(pod, "OutOfpods", "Pod was rejected: Node didn't have enough resource: pods")).Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Status.Failures, Is.Zero);
            Assert.That(plan.Status.NextAttemptAt, Is.EqualTo(SnapshotBuilder.Now.AddSeconds(4)));
            Assert.That(plan.Status.Attempts![^1].Message, Does.Contain("enough resource"));
        });
    }

    [TestCase("", Outcomes.NodeLost, Description = "marked by the control plane, which has not heard of the node")]
    [TestCase("ContainersNotReady", Outcomes.Drained, Description = "the kubelet says so: the node is well")]
    [TestCase(null, Outcomes.Drained)]
    public void Decide_TaintDrivesThePodAway_NodeLostOnlyWhenTheNodeDidNotAnswer(string? notReady, string outcome)
    {
        var seen = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod =>
        {
            var deleted = PodState.Deleting(Tainted(PodState.Running(pod, At)), SnapshotBuilder.Now.AddSeconds(20));
            return notReady is null ? deleted : PodState.WithCondition(deleted, "Ready", "False", notReady);
        }).Decide();
        Assert.That(seen.Status.Attempts![^1].Outcome, Is.Null);

        // Either the node is removed, or its kubelet comes back and stops the pod.
        var gone = new SnapshotBuilder().Head(1).Status(seen.Status).Decide();
        var back = new SnapshotBuilder().Head(1).Status(seen.Status).Pod(1, pod => PodState.WithCondition(
            PodState.Deleting(Tainted(PodState.Exited(pod, 143, At)), SnapshotBuilder.Now), "Ready", "False", "PodFailed")).Decide();

        Assert.That((gone.Status.Attempts![^1].Outcome, back.Status.Attempts![^1].Outcome), Is.EqualTo((outcome, outcome)));

        static V1Pod Tainted(V1Pod pod) => PodState.WithCondition(pod, "DisruptionTarget", "True", "DeletionByTaintManager");
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
            .Pod(
                1,
                pod =>
                    PodState.Deleting(
                        PodState.WithCondition(PodState.Running(pod, At), "DisruptionTarget", "True", "EvictionByEvictionAPI"),
                        SnapshotBuilder.Now.AddSeconds(20)))
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
    public void Decide_ParkedWhileSuspending_SuspendedBeforeTheDeletionIsSeen()
    {
        var plan = new SnapshotBuilder().Run(run => run.Suspended()).Head(1).Attempt(1)
            .Pod(1, pod => PodState.Exited(pod, RunnerExitCodes.Parked, At)).Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.Suspended));
    }

    [TestCase(Reasons.Suspended, Outcomes.Suspended, "Stopped because the run was suspended.")]
    [TestCase("2026-03-01T12:00:00Z", Outcomes.Suspended, "Stopped because the run was suspended.", Description = "as an earlier version wrote it")]
    [TestCase(Reasons.Deleting, Outcomes.PodDeleted, "Stopped because the run is being deleted.")]
    public void Decide_ParkedBecauseItWasToldTo_SaysWhyAndCostsNoFailure(string reason, string outcome, string message)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.Exited(PodState.ToldToStop(pod, reason), RunnerExitCodes.Parked, At)).Decide();

        Assert.That((plan.Status.Attempts![^1].Outcome, plan.Status.Attempts[^1].Message), Is.EqualTo((outcome, message)));
        Assert.That((plan.Status.Failures, plan.Status.Phase), Is.EqualTo((0, Phases.Recovering)));
    }

    [TestCase(RunnerExitCodes.Error)]
    [TestCase(139)]
    public void Decide_ToldToStopAndDiesOfSomethingElse_IsAFailure(int exitCode)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.Exited(PodState.ToldToStop(pod), exitCode, At)).Decide();

        Assert.That((plan.Status.Attempts![^1].Outcome, plan.Status.Failures), Is.EqualTo((Outcomes.Error, 1)));
    }

    [Test]
    public void Decide_ACommandStopsEveryAgent_RunFailsAfterMaxFailures()
    {
        var status = new SnapshotBuilder().Head(0).Build().Status;
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            status = new SnapshotBuilder().Head(attempt).Status(status with { NextAttemptAt = null })
                .Pod(attempt, pod => PodState.Exited(pod, RunnerExitCodes.Parked, At)).Decide().Status;
        }

        Assert.That((status.Failures, status.LastExit), Is.EqualTo((3, Outcomes.Error)));
        Assert.That(status.Attempts![^1].Message, Does.Contain("SIGTERM").And.Contain("neither deleted nor evicted"));
    }

    [Test]
    public void Decide_ImagePullFailsForAMoment_KeepsWaiting()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(
                1,
                pod =>
                    PodState.Waiting(
                        pod with { Metadata = pod.Metadata with { CreationTimestamp = SnapshotBuilder.Now.AddSeconds(-60).UtcDateTime } },
                        "ErrImagePull", "no such host"))
            .Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Status.Attempts![^1].Outcome, Is.Null);
            Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Waiting));
            Assert.That(plan.CheckAt, Is.EqualTo(SnapshotBuilder.Now.AddSeconds(240)));
            Assert.That(
                plan.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Running).Message,
                Does.Contain("ErrImagePull").And.Contain("no such host"));
        });
    }
}
