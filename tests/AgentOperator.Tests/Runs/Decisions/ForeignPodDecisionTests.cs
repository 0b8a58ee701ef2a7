using AgentOperator.Api;
using AgentOperator.Runs;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>What is decided about pods that are no attempts, and about ends that others wrote into the status.</summary>
[TestFixture]
internal sealed class ForeignPodDecisionTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    [TestCase(null, 1, Description = "not being deleted")]
    [TestCase(86400, 1, Description = "a day of grace is shortened")]
    [TestCase(6, 1)]
    [TestCase(5, null)]
    [TestCase(-29, null)]
    [TestCase(-30, 0, Description = "its node does not answer")]
    public void Decide_ForeignPodHasTheNextName_IsGoneSoonWhateverItWants(int? dueInSeconds, int? graceSeconds)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Evicted).Pod(2, pod => Foreign(pod, dueInSeconds)).Decide();

        var deletes = plan.Actions.Cast<RunAction.DeletePod>().Select(delete => (delete.IsForeign, delete.GraceSeconds));
        Assert.That(deletes, Is.EqualTo(graceSeconds is null ? Array.Empty<(bool, int?)>() : new[] { (true, graceSeconds) }));
        Assert.That(plan.Status.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(Reasons.PodTerminating));
        Assert.That(plan.CheckAt, Is.EqualTo(Now.AddSeconds(2)));
    }

    [Test]
    public void Decide_ForeignPodHasAFinalizer_ConditionNamesIt()
    {
        var plan = new SnapshotBuilder().Head(0)
            .Pod(1, pod => Foreign(pod with { Metadata = pod.Metadata with { Finalizers = ["example.com/never"] } }, 1)).Decide();

        Assert.That(plan.Status.WaitingFor, Does.Contain("survivor-1").And.Contain("finalizer example.com/never"));
    }

    [Test]
    public void Decide_ForeignPodHasAnotherName_NextAttemptDoesNotWaitForIt()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Evicted).Pod(9, pod => Foreign(pod, 86400)).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    [Test]
    public void Decide_PodIsCreatedAndNotClaimed_IsClaimedFirst([Values] bool suspended)
    {
        var made = new CreatedPod(2, "survivor-2", SnapshotBuilder.UidOf(2));
        var plan = new SnapshotBuilder().Run(run => run.Suspended(suspended)).Head(1).Attempt(1, Outcomes.Evicted)
            .Pod(2, pod => PodState.FailedWithoutContainer(pod, "OutOfpods")).With(snapshot => snapshot with { Created = made }).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.ClaimEpoch(made) }), "so that its end belongs to an epoch");
    }

    [Test]
    public void Decide_EarlierOperatorEndedAnAttemptItNeverClaimed_NextHasThatNumber()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Evicted).Attempt(2, Outcomes.StartFailed).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    [TestCase(1, Outcomes.Hung, false)]
    [TestCase(59, Outcomes.Error, false)]
    [TestCase(60, Outcomes.Hung, true)]
    [TestCase(60, Outcomes.Error, true)]
    public void Decide_AnotherProcessWroteTheEnd_HoldsUnlessTheAgentIsAtWork(int silentSeconds, string outcome, bool holds)
    {
        var silent = Now.AddSeconds(-silentSeconds);
        var builder = new SnapshotBuilder().Head(1, time: Now.AddMinutes(-4)).Attempt(1, outcome)
            .Pod(1, pod => PodState.Heartbeat(PodState.Running(pod, Now.AddMinutes(-4)), silent));

        var others = builder.With(snapshot => snapshot with { IsStatusOfOthers = true }).Decide();
        Assert.That(others.Actions, holds ? Has.One.InstanceOf<RunAction.DeletePod>() : Is.Empty);
        Assert.That(others.Status.Attempts![^1].Outcome, Is.EqualTo(holds ? outcome : null));

        var own = builder.With(snapshot => snapshot with { IsStatusOfOthers = false }).Decide();
        Assert.That(own.Actions, Has.One.InstanceOf<RunAction.DeletePod>(), "what this process decided holds, whatever the clocks say");
    }

    private static V1Pod Foreign(V1Pod pod, int? dueInSeconds)
    {
        var running = PodState.Running(pod with { Metadata = pod.Metadata with { Uid = "forged" } }, Now.AddMinutes(-1));
        return dueInSeconds is { } due ? PodState.Deleting(running, Now.AddSeconds(due)) : running;
    }
}
