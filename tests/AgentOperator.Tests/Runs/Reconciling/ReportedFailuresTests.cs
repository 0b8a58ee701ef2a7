using System.Net;
using AgentOperator.Api;
using AgentOperator.Runs;

namespace AgentOperator.Tests.Runs;

/// <summary>What a run's status says while reconciling it keeps failing.</summary>
[TestFixture]
internal sealed class ReportedFailuresTests
{
    private const string Quoted = "text that only the exception quotes";

    [Test]
    public async Task Reconcile_KeepsFailing_StatusSaysWhyAndTheErrorStaysInTheLog()
    {
        using var world = new RunWorld { Fault = CreatePod };

        await FailAsync(world, ReportedFailures.MinFailures);
        var early = world.Status.Conditions;
        world.Time.Advance(ReportedFailures.Patience);
        await FailAsync(world, 5);

        var running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.Multiple(() =>
        {
            Assert.That(early, Is.Null, "the first retries follow within milliseconds");
            Assert.That((running.Status, running.Reason), Is.EqualTo((ConditionStatuses.False, Reasons.ReconcileError)));
            Assert.That(running.Message, Does.Contain(nameof(InvalidOperationException)).And.Not.Contain(Quoted));
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Pending));
            Assert.That(world.Events.Reasons, Is.EqualTo(new[] { Reasons.ReconcileError }), "one event for all failures");
            Assert.That(world.Runs.Applied, Has.Count.EqualTo(1), "one write for all failures");
        });
    }

    [Test]
    public async Task Reconcile_FailsForAnotherReason_StatusSaysTheNewOne()
    {
        using var world = new RunWorld { Fault = CreatePod };
        await ReportAsync(world);

        world.Fault = request => IsCreatePod(request) ? new FormatException(Quoted) : null;
        await FailAsync(world, 2);

        Assert.That(world.Status.FindCondition(ConditionTypes.Running)!.Message, Does.Contain(nameof(FormatException)));
    }

    [Test]
    public async Task Reconcile_FailsWhileAnAgentWorks_OtherConditionsAndAttemptsStay()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        world.Restart();
        var before = world.Status;
        world.Fault = request => request is { Method: "GET", Target: { Name.Length: > 0 } } ? new FormatException(Quoted) : null;

        await ReportAsync(world);

        var after = world.Status;
        Assert.Multiple(() =>
        {
            Assert.That(after.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(Reasons.ReconcileError));
            Assert.That(after.FindCondition(ConditionTypes.Accepted), Is.EqualTo(before.FindCondition(ConditionTypes.Accepted)));
            Assert.That(after.FindCondition(ConditionTypes.Finished), Is.EqualTo(before.FindCondition(ConditionTypes.Finished)));
            Assert.That(after.Attempts, Is.EqualTo(before.Attempts));
            Assert.That(after.Phase, Is.EqualTo(Phases.Running));
        });
    }

    [Test]
    public async Task Reconcile_SucceedsAgain_ReportIsReplaced()
    {
        using var world = new RunWorld { Fault = CreatePod };
        await ReportAsync(world);

        world.Fault = _ => null;
        await world.ReconcileAndReportAsync();
        var mended = world.Status;
        await world.StartPodAsync();
        await world.SucceedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(mended.FindCondition(ConditionTypes.Running)!.Reason, Is.Not.EqualTo(Reasons.ReconcileError));
            Assert.That(mended.Attempt, Is.EqualTo(1));
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
        });
    }

    [Test]
    public async Task Reconcile_FailsOnceInAWhile_IsNotReported()
    {
        using var world = new RunWorld();
        for (var failure = 0; failure < 4; failure++)
        {
            world.Fault = CreatePod;
            await FailAsync(world, 1);
            world.Fault = _ => null;
            await world.SettleAsync();
            await world.ReconcileAndReportAsync();
            world.Pods.Change(world.Status.Pod!, pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
            await world.ReconcileAndReportAsync();
            world.Time.Advance(ReportedFailures.Patience);
        }

        Assert.That(world.Events.Reasons, Does.Not.Contain(Reasons.ReconcileError));
    }

    [Test]
    public async Task Reconcile_ReportCannotBeWritten_RunIsReconciledAllTheSame()
    {
        using var world = new RunWorld { Fault = CreatePod };
        world.Runs.Refusal = _ => HttpStatusCode.Forbidden;
        await FailAsync(world, ReportedFailures.MinFailures);
        world.Time.Advance(ReportedFailures.Patience);
        await FailAsync(world, 1);

        world.Fault = _ => null;
        world.Runs.Refusal = run =>
            run.Status!.FindCondition(ConditionTypes.Running)!.Reason == Reasons.ReconcileError ? HttpStatusCode.Forbidden : null;
        await world.ReconcileAndReportAsync();

        Assert.That(world.Status.Attempt, Is.EqualTo(1));
    }

    /// <summary>Of a run that has ended, the cache keeps little.</summary>
    [TestCase(false)]
    [TestCase(true, Description = "by another process")]
    public async Task Reconcile_EndedRunCannotBeDeleted_StatusSaysSoUntilItsCleanupPasses(bool isRestarted)
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with { TtlSecondsAfterFinished = 60 }));
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.SucceedAsync();
        var before = world.Status;
        world.Fault = request => request.Method == "DELETE" ? new FormatException(Quoted) : null;
        world.Time.Advance(TimeSpan.FromSeconds(61));

        await ReportAsync(world);
        await FailAsync(world, 3);
        var reported = world.Status;
        Assert.Multiple(() =>
        {
            var running = reported.FindCondition(ConditionTypes.Running)!;
            Assert.That((running.Status, running.Reason), Is.EqualTo((ConditionStatuses.False, Reasons.ReconcileError)));
            Assert.That(running.Message, Does.Contain(nameof(FormatException)).And.Match("more about [0-9a-f]{8}").And.Not.Contain(Quoted));
            Assert.That(reported.FindCondition(ConditionTypes.Finished), Is.EqualTo(before.FindCondition(ConditionTypes.Finished)));
            Assert.That((reported.Phase, reported.Result, reported.Usage), Is.EqualTo((before.Phase, before.Result, before.Usage)));
            Assert.That(reported.Attempts, Is.EqualTo(before.Attempts));
            Assert.That(world.Events.Reasons.Count(reason => reason == Reasons.ReconcileError), Is.EqualTo(1));
        });

        // Somebody sets a longer time to live.
        if (isRestarted)
        {
            world.Restart();
        }

        world.ChangeSpec(spec => spec with { TtlSecondsAfterFinished = 3600 });
        await world.ReconcileAndReportAsync();
        Assert.That(
            world.Status.FindCondition(ConditionTypes.Running) is { } mended ? (mended.Status, mended.Reason, mended.Message) : default,
            Is.EqualTo((ConditionStatuses.False, Reasons.Completed, before.FindCondition(ConditionTypes.Running)!.Message)));

        world.Fault = _ => null;
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.ReconcileAndReportAsync();
        Assert.That(world.IsDeleted, Is.True);
    }

    private static Exception? CreatePod(FakeRequest request) => IsCreatePod(request) ? new InvalidOperationException(Quoted) : null;

    private static bool IsCreatePod(FakeRequest request) =>
        request.Method == "POST" && request.Target?.Resource.EndsWith("/pods", StringComparison.Ordinal) == true;

    private static async Task ReportAsync(RunWorld world)
    {
        await FailAsync(world, ReportedFailures.MinFailures);
        world.Time.Advance(ReportedFailures.Patience);
        await FailAsync(world, 1);
    }

    private static async Task FailAsync(RunWorld world, int times)
    {
        for (var time = 0; time < times; time++)
        {
            await Assert.CatchAsync<Exception>(world.ReconcileAndReportAsync);
        }
    }
}
