using AgentOperator.Api;
using AgentOperator.Runs;
using AgentOperator.Runs.Status;
using AgentOperator.Validation;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>What an outage of a ModelEndpoint does to a run that waits for it, and to one that works.</summary>
internal sealed class OutageTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    private static readonly EndpointOutage Later = new(
        Reasons.QuotaExceeded, "The model endpoint answered 402. Raise the quota.", Now.AddMinutes(-10), Now.AddMinutes(5));

    private static readonly EndpointOutage Over = Later with { RetryAt = Now };

    private static readonly Func<V1Pod, V1Pod> LeftForTheProvider = pod => PodState.Exited(
        pod, Protocol.RunnerExitCodes.EndpointUnavailable, Now, message: """{"reason":"EndpointUnavailable","message":"The model endpoint answered 503."}""");

    [Test]
    public void Decide_OutageBeforeTheFirstAttempt_IsPendingWithTheSentenceAndTheTime()
    {
        var plan = new SnapshotBuilder().With(snapshot => snapshot with { Outage = Later }).Decide();

        AssertWaits(plan, Phases.Pending);
        Assert.That(plan.Status.NextAttemptAt, Is.EqualTo(Later.RetryAt));
        Assert.That(plan.CheckAt, Is.EqualTo(Later.RetryAt));
    }

    [Test]
    public void Decide_OutageAfterAnAttempt_WaitsAndCostsNothing()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1, failures: 2).Pod(1, LeftForTheProvider)
            .With(snapshot => snapshot with { Outage = Later });
        var plan = builder.Decide();

        AssertWaits(plan, Phases.Waiting);
        Assert.That((plan.Status.Failures, plan.Status.LastExit), Is.EqualTo((2, Outcomes.EndpointDown)));
        Assert.That(plan.Status.NextAttemptAt, Is.EqualTo(Later.RetryAt));

        var available = builder.Status(plan.Status).With(snapshot => snapshot with { Outage = null }).Decide();
        Assert.That(available.Actions.Single(), Is.InstanceOf<RunAction.CreatePod>(), "the time of the next try is no backoff");
    }

    [Test]
    public void Decide_TheEndpointsTimeHasCome_OneRunGoesOnAndTheOthersWait()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.EndpointDown, reason: "EndpointUnavailable")
            .With(snapshot => snapshot with { Outage = Over });
        var waits = builder.Decide();
        AssertWaits(waits, Phases.Waiting);
        Assert.That(waits.CheckAt, Is.InRange(Now.AddSeconds(1), Now.AddSeconds(30)), "the run that tries may be deleted");

        var probe = builder.With(snapshot => snapshot with { IsProbe = true }).Decide();
        Assert.That(probe.Actions.Single(), Is.InstanceOf<RunAction.CreatePod>());
    }

    [Test]
    public void Decide_OutageThatNoStatusShows_BacksOffLongerEachTimeAndCostsNothing()
    {
        var once = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, LeftForTheProvider).Decide();
        Assert.That(
            (once.Status.Failures, once.Status.NextAttemptAt, once.Status.Phase),
            Is.EqualTo((0, (DateTimeOffset?)Now.AddSeconds(2), Phases.Recovering)));

        var thrice = new SnapshotBuilder().Head(3).Attempt(1, Outcomes.EndpointDown).Attempt(2, Outcomes.EndpointDown).Attempt(3)
            .Pod(3, LeftForTheProvider).Decide();
        Assert.That((thrice.Status.Failures, thrice.Status.NextAttemptAt), Is.EqualTo((0, (DateTimeOffset?)Now.AddSeconds(8))));
    }

    [Test]
    public void Decide_BackoffAndOutage_TheBackoffIsKept()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Exited(pod, 1, Now))
            .With(snapshot => snapshot with { Outage = Later });
        var plan = builder.Decide();

        Assert.That((plan.Status.Phase, plan.Status.NextAttemptAt), Is.EqualTo((Phases.Recovering, (DateTimeOffset?)Now.AddSeconds(2))));
    }

    [Test]
    public void Decide_OutageWhileAnAttemptWorks_SaysSoAndStopsNothing()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now.AddMinutes(-1)))
            .With(snapshot => snapshot with { Outage = Later }).Decide();

        var running = plan.Status.FindCondition(ConditionTypes.Running)!;
        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That((plan.Status.Phase, running.Status, running.Reason), Is.EqualTo((Phases.Running, "True", Reasons.QuotaExceeded)));
            Assert.That(running.Message, Does.Contain("is running in pod").And.Contain(Later.Message));
        });
    }

    [Test]
    public void Decide_AnyProvidersSentence_StatusIsPlainAndSmall()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var outage = Later with { Message = AnyText.Of(seed) };
            var status = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.EndpointDown)
                .With(snapshot => snapshot with { Outage = outage }).Decide().Status;

            Assert.That(StatusSize.BytesOf(status), Is.LessThanOrEqualTo(StatusSize.MaxBytes), $"seed {seed}");
            Assert.That(ControlRuntime.PlainText.Of(status.WaitingFor), Is.EqualTo(status.WaitingFor), $"seed {seed}");
        }
    }

    private static void AssertWaits(RunPlan plan, string phase)
    {
        var running = plan.Status.FindCondition(ConditionTypes.Running)!;
        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That((plan.Status.Phase, running.Status, running.Reason), Is.EqualTo((phase, "False", Reasons.QuotaExceeded)));
            Assert.That(plan.Status.WaitingFor, Does.Contain("'openai'").And.Contain(Later.Message));
        });
    }
}
