using System.Net;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Status;
using k8s.Autorest;

namespace AgentOperator.Tests.Runs;

/// <summary>What happens to a status that the server refuses for good.</summary>
[TestFixture]
internal sealed class RefusedStatusTests
{
    [TestCase(HttpStatusCode.BadRequest)]
    [TestCase(HttpStatusCode.UnprocessableEntity)]
    [TestCase(HttpStatusCode.RequestEntityTooLarge)]
    public async Task Reconcile_AnswerIsRefusedForGood_RunEndsWithoutIt(HttpStatusCode code)
    {
        using var world = await StartAsync();
        world.Runs.Refusal = run => run.Status!.Result?.Text == "Done." ? code : null;

        await world.SucceedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(world.Status.Result!.Text, Is.EqualTo(PlainStatus.ResultSentence));
            Assert.That(world.Status.Conditions!.Select(condition => condition.Reason), Does.Contain(Reasons.Completed));
            Assert.That(world.Events.Reasons, Does.Contain(Reasons.Completed));
            Assert.That(world.Events.Reasons.Count(reason => reason == Reasons.StatusRefused), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Reconcile_AfterTheRefusal_DoesNotTryAgainWithEachReconcile()
    {
        using var world = await StartAsync();
        world.Runs.Refusal = run =>
            run.Status!.FindCondition(ConditionTypes.Running)!.Message.Contains("is running in pod", StringComparison.Ordinal)
                ? HttpStatusCode.BadRequest
                : null;
        await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
        await world.StartPodAsync();
        var refused = world.Runs.Refused;

        for (var step = 0; step < 5; step++)
        {
            await world.CommitAsync();
            await world.AdvanceAsync(TimeSpan.FromSeconds(3));
        }

        Assert.Multiple(() =>
        {
            Assert.That(refused, Is.InRange(1, 2), "once more when the texts of earlier attempts are gone: that may have mended it");
            Assert.That(world.Runs.Refused, Is.EqualTo(refused));
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Running));
            Assert.That(world.Status.Progress!.Step, Is.EqualTo(5), "progress is still shown");
            Assert.That(world.Status!.FindCondition(ConditionTypes.Running)!.Message, Is.EqualTo(PlainStatus.Sentence));
        });
    }

    [Test]
    public async Task Reconcile_AttemptsMessageIsRefusedForGood_RunGoesOnAndItsResultIsShown()
    {
        using var world = await StartAsync();
        world.Runs.Refusal = run => run.Status!.Attempts?.Any(attempt => attempt.Message == "poison") == true ? HttpStatusCode.BadRequest : null;

        await world.EndPodAsync(pod => PodState.Exited(pod, 1, world.Time.GetUtcNow(), message: "poison"));
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));
        await world.StartPodAsync();
        await world.SucceedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.Error, Outcomes.Completed }));
            Assert.That(world.Status.Attempts![0].Message, Is.EqualTo(PlainStatus.Sentence));
            Assert.That(world.Status.Attempts[0].ExitCode, Is.EqualTo(1));
            Assert.That(world.Status.Result!.Text, Is.EqualTo("Done."), "what the server takes is shown again");
            Assert.That(world.Events.Recorded.Select(recorded => recorded.Note), Has.Some.Contains("poison"));
        });
    }

    [Test]
    public async Task Reconcile_EveryStatusIsRefusedForGood_RecordsAnEventAndRetriesLater()
    {
        using var world = await StartAsync();
        world.Runs.Refusal = _ => HttpStatusCode.UnprocessableEntity;
        world.Pods.Change(world.Status.Pod!, pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
        await world.SyncAsync();

        var failure = await Assert.ThrowsAsync<TerminalException>(world.ReconcileAsync);

        Assert.Multiple(() =>
        {
            Assert.That(failure!.RetryAfter, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(failure.InnerException, Is.Null, "the server's answer may quote the status");
            Assert.That(world.Runs.Refused, Is.EqualTo(2));
            Assert.That(world.Events.Recorded[^1], Is.EqualTo((Reasons.StatusRefused, world.Events.Recorded[^1].Note)));
            Assert.That(world.Events.Recorded[^1].Note, Does.Contain("out of date"));
        });
        world.Runs.Refusal = _ => null;
        await world.SettleAsync();
        Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.OutOfMemory, null }), "the CRD was mended: nothing was lost");
    }

    [TestCase(HttpStatusCode.Forbidden)]
    [TestCase(HttpStatusCode.Conflict)]
    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public async Task Reconcile_RefusalThatMayPass_LosesNoText(HttpStatusCode code)
    {
        using var world = await StartAsync();
        world.Runs.Refusal = _ => code;
        world.Pods.Change(world.Status.Pod!, pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
        await world.SyncAsync();

        await Assert.ThrowsAsync<HttpOperationException>(world.ReconcileAsync);

        Assert.That(world.Runs.Refused, Is.EqualTo(1));
        Assert.That(world.Events.Reasons, Does.Not.Contain(Reasons.StatusRefused));
    }

    private static async Task<RunWorld> StartAsync()
    {
        var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        return world;
    }
}
