using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Which of a pod's containers can end the attempt, by their roles.</summary>
internal sealed class ContainerRoleTests
{
    private static readonly DateTimeOffset At = SnapshotBuilder.Now.AddSeconds(-3);

    [TestCase("agent", false, ContainerRole.Agent)]
    [TestCase("sandbox", false, ContainerRole.Sandbox)]
    [TestCase("sandbox", true, ContainerRole.Sandbox)]
    [TestCase("tools", true, ContainerRole.Init)]
    [TestCase("agent", true, ContainerRole.Init, Description = "somebody's init container of that name runs no agent")]
    [TestCase("istio-proxy", true, ContainerRole.Init)]
    [TestCase("istio-proxy", false, ContainerRole.Foreign)]
    public void RoleOf_Container_IsByNameAndPlace(string name, bool isInit, ContainerRole role) =>
        Assert.That(PodContainers.RoleOf(name, isInit), Is.EqualTo(role));

    [TestCase("istio-proxy")]
    [TestCase("sandbox")]
    public void Decide_AnotherContainerIsKilled_AttemptGoesOn(string name)
    {
        var plan = Decide(pod => With(PodState.Running(pod, At), name, Ended(137, "OOMKilled")));

        Assert.That(plan.Attempts![^1].Outcome, Is.Null);
        Assert.That(plan.Phase, Is.EqualTo(Phases.Running));
    }

    [Test]
    public void Decide_SidecarIsKilledAsThePodEnds_AgentsOwnEndCounts()
    {
        // The sidecar makes the pod's phase Failed. The agent exited because its provider was unavailable.
        var attempt = Decide(pod => With(PodState.Exited(pod, 69, At), "istio-proxy", Ended(137, "OOMKilled"))).Attempts![^1];

        Assert.That((attempt.Outcome, attempt.ExitCode, attempt.Reason), Is.EqualTo((Outcomes.EndpointDown, 69, "Error")));
    }

    [Test]
    public void Decide_SidecarKeepsThePodAlive_AttemptHasEnded()
    {
        var attempt = Decide(pod =>
        {
            var exited = PodState.Exited(pod, 1, At);
            var alive = exited with { Status = exited.Status with { Phase = "Running" } };
            return With(alive, "istio-proxy", new V1ContainerState { Running = new V1ContainerStateRunning() });
        }).Attempts![^1];

        Assert.That(attempt.Outcome, Is.EqualTo(Outcomes.Error));
    }

    [TestCase("istio-proxy", "Running", true)]
    [TestCase("istio-proxy", "Pending", true, Description = "its image cannot be pulled, and it will try for ever")]
    [TestCase("sandbox", "Running", true)]
    [TestCase("istio-proxy", "Failed", false, Description = "the pod has ended; it is kept for its logs")]
    public void Decide_AnotherContainerOutlivesTheAgent_PodIsDeletedAfterItsEndIsRecorded(string name, string phase, bool isDeleted)
    {
        V1Pod Outlived(V1Pod pod)
        {
            var exited = PodState.Exited(pod, 1, At);
            var other = phase == "Pending" ? Waiting("ImagePullBackOff") : new V1ContainerState { Running = new V1ContainerStateRunning() };
            return With(exited with { Status = exited.Status with { Phase = phase } }, name, other);
        }

        var open = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, Outlived).Decide();
        var waiting = new SnapshotBuilder().Run(run => run.Suspended()).Head(1).Attempt(1, Outcomes.Error).Pod(1, Outlived).Decide();
        var next = new SnapshotBuilder().Head(2).Attempt(1, Outcomes.Error).Attempt(2).Pod(1, Outlived)
            .Pod(2, pod => PodState.Running(pod, At)).Decide();
        var ended = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Completed).Pod(1, Outlived)
            .With(snapshot => snapshot.WithStatus(snapshot.Status with { Phase = Phases.Succeeded, FinishedAt = At })).Decide();

        Assert.That(open.Actions, Is.Empty, "a crash of the operator must not lose the outcome");
        Assert.That(
            new[] { waiting, next, ended }.Select(plan => plan.Actions.OfType<RunAction.DeletePod>().Select(action => action.Pod.Metadata.Name)),
            Is.All.EqualTo(isDeleted ? new[] { "survivor-1" } : []));
    }

    [TestCase(143, "Error", "the sidecar crashed")]
    [TestCase(137, "OOMKilled", "the sidecar was OOM-killed")]
    public void Decide_SidecarEndsAndTheAgentIsSilent_Hung(int code, string reason, string why)
    {
        var silent = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => With(
            PodState.WithCondition(PodState.Running(pod, At), "Ready", "False", "ContainersNotReady"), "istio-proxy", Ended(code, reason)));

        Assert.That(silent.SilentFor(60).Decide().Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.Hung), why);
    }

    [Test]
    public void Decide_SidecarIsNotReadyAndTheAgentIsSilent_Hung()
    {
        var silent = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.WithCondition(PodState.Running(pod, At), "Ready", "False", "ContainersNotReady"));

        Assert.That(silent.SilentFor(60).Decide().Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.Hung), "the node answers");
    }

    [TestCase("could not fetch the bundle", "Init container 'fetch' failed with exit code 3: could not fetch the bundle")]
    [TestCase(null, "Init container 'fetch' failed with exit code 3.")]
    public void Decide_InitContainerFails_StartFailedWithItsMessage(string? said, string message)
    {
        var attempt = Decide(pod => WithInit(
            PodState.FailedWithoutContainer(pod, null),
            ("proxy", Ended(143)),
            ("fetch", Ended(3, message: said)),
            ("later", Waiting("PodInitializing")))).Attempts![^1];

        Assert.That((attempt.Outcome, attempt.Message), Is.EqualTo((Outcomes.StartFailed, message)), "proxy was only stopped with the pod");
    }

    [Test]
    public void Decide_InitContainersImageIsMissing_StartFailedWithTheKubeletsMessage()
    {
        var attempt = Decide(pod => WithInit(
            PodState.Waiting(pod, "PodInitializing"), ("fetch", Waiting("ImagePullBackOff", "no such image")))).Attempts![^1];

        Assert.That((attempt.Outcome, attempt.Reason), Is.EqualTo((Outcomes.StartFailed, "ImagePullBackOff")));
        Assert.That(attempt.Message, Does.Contain("no such image"));
    }

    [Test]
    public void Decide_SidecarCannotStartAndTheAgentRuns_AttemptGoesOn()
    {
        var status = Decide(pod => WithInit(
            With(PodState.Running(pod, At), "istio-proxy", Waiting("ImagePullBackOff")), ("native", Waiting("CrashLoopBackOff"))));

        Assert.That(status.Attempts![^1].Outcome, Is.Null);
    }

    private static AgentRunStatus Decide(Func<V1Pod, V1Pod> state) => new SnapshotBuilder().Head(1).Attempt(1).Pod(1, state).Decide().Status;

    private static V1Pod With(V1Pod pod, string name, V1ContainerState state) =>
        pod with { Status = pod.Status with { ContainerStatuses = [Status(name, state), .. pod.Status.ContainerStatuses ?? []] } };

    private static V1Pod WithInit(V1Pod pod, params (string Name, V1ContainerState State)[] containers) =>
        pod with
        {
            Status = pod.Status with { InitContainerStatuses = [.. containers.Select(container => Status(container.Name, container.State))] },
        };

    private static V1ContainerStatus Status(string name, V1ContainerState state) =>
        new() { Name = name, State = state, Image = "image", ImageID = "id" };

    private static V1ContainerState Waiting(string reason, string? message = null) =>
        new() { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = message } };

    private static V1ContainerState Ended(int code, string reason = "Error", string? message = null) =>
        new() { Terminated = new V1ContainerStateTerminated { ExitCode = code, Reason = reason, Message = message, FinishedAt = At.UtcDateTime } };
}
