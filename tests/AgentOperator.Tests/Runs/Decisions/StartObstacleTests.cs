using AgentOperator.Api;
using AgentOperator.Runs;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>A run whose pod cannot start, or whose MCP server is unavailable, waits with the sentence, and it costs no failure.</summary>
internal sealed class StartObstacleTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    private static readonly Func<V1Pod, V1Pod> LeftForTheMcpServer = pod => PodState.Exited(
        pod, Protocol.RunnerExitCodes.EndpointUnavailable, Now, message: """{"reason":"McpServerUnavailable","message":"'git' answered 401."}""");

    private static IEnumerable<TestCaseData> Obstacles()
    {
        yield return Case("no node", Reasons.Unschedulable, pod => PodState.Unschedulable(pod, "0/3 nodes fit."), "0/3 nodes fit.");
        foreach (var reason in (string[])["ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable"])
        {
            yield return Case(reason, Reasons.ImagePullFailed, pod => PodState.Waiting(pod, reason, "no such image"), "no such image");
        }

        foreach (var reason in (string[])["CreateContainerConfigError", "CreateContainerError", "RunContainerError", "ReasonOfALaterKubelet"])
        {
            yield return Case(reason, Reasons.PodCannotStart, pod => PodState.Waiting(pod, reason, "secret \"x\" not found"), "secret \"x\" not found");
        }

        static TestCaseData Case(string name, string reason, Func<V1Pod, V1Pod> state, string sentence) =>
            new TestCaseData(reason, state, sentence).SetName($"Decide_PodCannotStart_WaitsWithTheSentence({name})");
    }

    [TestCaseSource(nameof(Obstacles))]
    public void Decide_PodCannotStart_WaitsWithTheSentence(string reason, Func<V1Pod, V1Pod> state, string sentence)
    {
        var first = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => state(Young(pod))).Decide();
        AssertWaits(first, Phases.Waiting, reason, sentence);
        Assert.That(first.Status.Attempts![^1].Outcome, Is.Null);

        var later = new SnapshotBuilder().Head(2).Attempt(1, Outcomes.Evicted).Attempt(2, failures: 2).Pod(2, pod => state(Young(pod))).Decide();
        AssertWaits(later, Phases.Waiting, reason, sentence);
        Assert.That(later.Status.Failures, Is.EqualTo(2));
    }

    [Test]
    public void Decide_NoNodeForADay_PodIsLeftToTheScheduler()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Unschedulable(pod, "0/3 nodes are available."))
            .With(snapshot => snapshot with { Now = Now.AddDays(1) }).Decide();

        Assert.That((plan.Status.Attempts![^1].Outcome, plan.CheckAt), Is.EqualTo(((string?)null, (DateTimeOffset?)null)));
    }

    [TestCase(299, null)]
    [TestCase(300, Outcomes.StartFailed)]
    [TestCase(899, null, 900)]
    [TestCase(900, Outcomes.StartFailed, 900)]
    public void Decide_PodDoesNotStart_IsReplacedAfterTheTimeoutFromWhenItGotItsNode(int age, string? outcome, int? timeout = null)
    {
        var builder = timeout is { } seconds
            ? new SnapshotBuilder().Run(run => run.Recovery(recovery => recovery with { StartTimeoutSeconds = seconds }))
            : new SnapshotBuilder();
        var plan = builder.Head(1).Attempt(1)
            .Pod(1, pod => PodState.Scheduled(PodState.Waiting(pod, "ImagePullBackOff", "no such image"), Now.AddSeconds(-age)))
            .With(snapshot => snapshot with { Pods = [.. snapshot.Pods.Select(pod => Created(pod, Now.AddDays(-1)))] }).Decide();

        Assert.That((plan.Status.Attempts![^1].Outcome, plan.Status.Failures), Is.EqualTo((outcome, 0)));
        Assert.That(plan.CheckAt, outcome is null ? Is.EqualTo(Now.AddSeconds(1)) : Is.Not.Null);
    }

    [Test]
    public void Decide_VolumeIsNotMounted_SaysWhereToLookAndIsReplaced()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.WithCondition(
            PodState.Waiting(pod, "ContainerCreating"), "PodReadyToStartContainers", "False", "")).Decide();
        Assert.That(plan.Status.Attempts![^1].Message, Does.Contain("kubectl get events").And.Contain("survivor-1").And.Contain("node-1"));

        var pulling = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.WithCondition(
            PodState.Waiting(pod, "ContainerCreating"), "PodReadyToStartContainers", "True", "")).Decide();
        Assert.That(
            (pulling.Status.Phase, pulling.Status.Attempts![^1].Outcome), Is.EqualTo((Phases.Queued, (string?)null)), "a large image takes its time");
    }

    [TestCase("volcano", "Pod survivor-1 waits for the scheduler 'volcano' to choose a node.")]
    [TestCase("default-scheduler", "Pod survivor-1 is starting.", Description = "not worth a status write")]
    public void Decide_SchedulerDoesNotLookAtThePod_IsNamedUnlessItIsTheDefault(string scheduler, string expected)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => pod with { Spec = pod.Spec with { SchedulerName = scheduler } }).Decide();

        Assert.That(RunningMessage(plan), Is.EqualTo(expected));
    }

    [TestCase("PodInitializing", "Pod survivor-1 is starting. Its init container 'vault-agent-init' is running.")]
    [TestCase("ContainerCreating", "Pod survivor-1 is starting.")]
    public void Decide_InjectedInitContainerRuns_IsNamedWhileTheAgentWaitsForIt(string reason, string expected)
    {
        var running = new V1ContainerState { Running = new V1ContainerStateRunning() };
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod =>
        {
            var waiting = PodState.Waiting(pod, reason);
            return waiting with
            {
                Status = waiting.Status with
                {
                    InitContainerStatuses =
                    [
                        new V1ContainerStatus { Name = "istio-proxy", State = running },
                        new V1ContainerStatus { Name = "vault-agent-init", State = running },
                    ],
                },
            };
        }).Decide();

        Assert.That(RunningMessage(plan), Is.EqualTo(expected));
    }

    [Test]
    public void Decide_AfterAPodDidNotStart_WaitsWithTheSentenceUntilThePauseIsOver()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.FailedWithoutContainer(pod, "AppArmor", "No profile 'x'."));
        var ended = builder.Decide();
        AssertPauses(builder, ended, Reasons.PodCannotStart, "No profile 'x'.");
    }

    [Test]
    public void Decide_KubeletRejectedThePodAndMadeUpStates_WaitsWithItsSentence()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod =>
        {
            var rejected = PodState.Exited(pod, 137, Now, "ContainerStatusUnknown", "The container could not be located.");
            return rejected with
            {
                Status = rejected.Status with
                {
                    Reason = "AppArmor",
                    Message = "No profile 'x'.",
                    InitContainerStatuses = [new V1ContainerStatus { Name = "istio-init", State = rejected.Status.ContainerStatuses[0].State }],
                },
            };
        });
        var ended = builder.Decide();

        AssertPauses(builder, ended, Reasons.PodCannotStart, "No profile 'x'.");
        Assert.That(ended.Status.Attempts![^1].ExitCode, Is.Null);
    }

    [Test]
    public void Decide_McpServerUnavailable_WaitsWithTheSentenceUntilThePauseIsOver()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1, failures: 2).Pod(1, LeftForTheMcpServer);
        var ended = builder.Decide();

        AssertPauses(builder, ended, Reasons.McpServerUnavailable, "'git' answered 401.");
        Assert.That(ended.Status.Failures, Is.EqualTo(2));
    }

    [TestCase(1, 15)]
    [TestCase(2, 30)]
    [TestCase(5, 240)]
    [TestCase(6, 300)]
    [TestCase(9, 300)]
    public void Decide_McpServerUnavailableAgainAndAgain_PausesLonger(int times, int seconds)
    {
        var builder = new SnapshotBuilder().Run(run => run.Recovery(recovery => recovery with { MaxFailures = 1 })).Head(times);
        for (var attempt = 1; attempt < times; attempt++)
        {
            builder.Attempt(attempt, Outcomes.EndpointDown);
        }

        var plan = builder.Attempt(times).Pod(times, LeftForTheMcpServer).Decide();

        Assert.That((plan.Status.NextAttemptAt, plan.Status.Failures), Is.EqualTo(((DateTimeOffset?)Now.AddSeconds(seconds), 0)));
    }

    [Test]
    public void Decide_SpecChangesWhileItWaits_NextAttemptAtOnce()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, LeftForTheMcpServer);
        var changed = builder.Status(builder.Decide().Status)
            .With(snapshot =>
            {
                snapshot.Run.Metadata.Generation = 2;
                return snapshot;
            }).Decide();

        Assert.That(changed.Actions.Single(), Is.InstanceOf<RunAction.CreatePod>());
    }

    [Test]
    public void Decide_SpecChangesDuringTheBackoffOfAFailure_WaitsOn()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Exited(pod, 1, Now));
        var changed = builder.Status(builder.Decide().Status)
            .With(snapshot =>
            {
                snapshot.Run.Metadata.Generation = 2;
                return snapshot;
            }).Decide();

        Assert.That(changed.Actions, Is.Empty);
    }

    private static string RunningMessage(RunPlan plan) =>
        plan.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Running).Message;

    private static void AssertPauses(SnapshotBuilder builder, RunPlan ended, string reason, string sentence)
    {
        AssertWaits(ended, Phases.Waiting, reason, sentence);
        DateTimeOffset? at = Now.AddSeconds(15);
        Assert.That((ended.Status.NextAttemptAt, ended.CheckAt), Is.EqualTo((at, at)));

        var waiting = builder.Status(ended.Status).With(snapshot => snapshot with { Now = Now.AddSeconds(14) }).Decide();
        AssertWaits(waiting, Phases.Waiting, reason, sentence);
        Assert.That(waiting.CheckAt, Is.EqualTo(Now.AddSeconds(15)), "the pause is kept");

        var over = builder.Status(waiting.Status).With(snapshot => snapshot with { Now = Now.AddSeconds(15) }).Decide();
        Assert.That(over.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    private static void AssertWaits(RunPlan plan, string phase, string reason, string sentence)
    {
        var running = plan.Status.FindCondition(ConditionTypes.Running)!;
        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That((plan.Status.Phase, running.Status, running.Reason), Is.EqualTo((phase, "False", reason)));
            Assert.That(plan.Status.WaitingFor, Does.Contain(sentence).And.EqualTo(running.Message));
        });
    }

    private static V1Pod Young(V1Pod pod) => Created(pod, Now.AddSeconds(-20));

    private static V1Pod Created(V1Pod pod, DateTimeOffset at) => pod with { Metadata = pod.Metadata with { CreationTimestamp = at.UtcDateTime } };
}
