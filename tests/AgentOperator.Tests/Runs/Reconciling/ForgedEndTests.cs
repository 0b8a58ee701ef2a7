using AgentOperator.Api;

namespace AgentOperator.Tests.Runs;

/// <summary>The end of a run in a status that somebody patched: what the journal says wins.</summary>
[TestFixture]
internal sealed class ForgedEndTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static IEnumerable<TestCaseData> ForgedEnds()
    {
        yield return Case("phase", status => status with { Phase = Phases.Succeeded });
        yield return Case("phase without conditions", status => status with { Phase = Phases.Failed, Conditions = null });
        yield return Case("whole end", status => status with
        {
            Phase = Phases.Succeeded, FinishedAt = At, Conditions = Finished(Reasons.Completed), Result = new ResultStatus { Text = "Mine." },
        });
        yield return Case("whole failure", status => status with
        {
            Phase = Phases.Failed, FinishedAt = At, Conditions = Finished(Reasons.DeadlineExceeded),
        });
    }

    private static IEnumerable<TestCaseData> ForgedLives()
    {
        yield return Case("Running", status => status with { Phase = Phases.Running });
        yield return Case("no phase", status => status with { Phase = null });
        yield return Case("Failed", status => status with { Phase = Phases.Failed });
        yield return Case("no conditions", status => status with { Conditions = null });
        yield return Case("nothing", _ => null);
        yield return Case("not finished", status => status with
        {
            Conditions = [.. status.Conditions!.Select(condition => condition with { Status = "False", Reason = Reasons.InProgress })],
        });
    }

    [TestCaseSource(nameof(ForgedEnds))]
    public async Task Reconcile_EndOfALiveRunIsForged_AttemptGoesOn(Func<AgentRunStatus, AgentRunStatus?> forge)
    {
        foreach (var restarts in (bool[])[false, true])
        {
            using var world = new RunWorld();
            await world.SettleAsync();
            await world.StartPodAsync();
            await world.CommitAsync();
            await world.SettleAsync();

            world.ChangeRun(run => run.Status = forge(run.Status!));
            if (restarts)
            {
                world.Restart();
            }

            await world.SettleAsync();

            Assert.That((world.Status.Phase, world.Status.Attempt, world.Status.FinishedAt), Is.EqualTo((Phases.Running, 1, (DateTimeOffset?)null)));
            Assert.That(world.Status.Result, Is.Null);
            Assert.That(world.Status.FindCondition(ConditionTypes.Finished)!.Status, Is.EqualTo("False"));
            Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Null);
            await world.SucceedAsync();
            Assert.That((world.Status.Phase, world.Status.Result!.Text), Is.EqualTo((Phases.Succeeded, "Done.")));
        }
    }

    [TestCaseSource(nameof(ForgedEnds))]
    public async Task Reconcile_EndIsForgedBeforeTheRunStarts_ItStarts(Func<AgentRunStatus, AgentRunStatus?> forge)
    {
        using var world = new RunWorld();
        world.ChangeRun(run => run.Status = forge(new AgentRunStatus()));
        await world.SettleAsync();
        Assert.That((world.Status.Phase, world.Status.Attempt), Is.EqualTo((Phases.Queued, 1)));
    }

    [TestCaseSource(nameof(ForgedLives))]
    public async Task Reconcile_EndOfAnEndedRunIsPatchedAway_IsThereAgain(Func<AgentRunStatus, AgentRunStatus?> forge)
    {
        foreach (var restarts in (bool[])[false, true])
        {
            using var world = new RunWorld();
            await world.SettleAsync();
            await world.StartPodAsync();
            await world.SucceedAsync();
            var before = world.Status;

            world.ChangeRun(run => run.Status = forge(run.Status!));
            if (restarts)
            {
                world.Restart();
            }

            await world.SettleAsync();

            var finished = world.Status.FindCondition(ConditionTypes.Finished)!;
            Assert.That((world.Status.Phase, finished.Status, finished.Reason), Is.EqualTo((Phases.Succeeded, "True", Reasons.Completed)));
            Assert.That(world.Status.FindCondition(ConditionTypes.Accepted)!.Status, Is.EqualTo("True"));
            Assert.That((world.Status.FinishedAt, world.Status.Result!.Text), Is.EqualTo((before.FinishedAt, "Done.")));
            Assert.That(world.Pods.Created, Has.Count.EqualTo(1));
        }
    }

    [TestCaseSource(nameof(ForgedLives))]
    public async Task Reconcile_EndOfARejectedRunIsPatchedAway_IsThereAgain(Func<AgentRunStatus, AgentRunStatus?> forge)
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with { Limits = spec.Limits with { MaxSteps = 0 } }));
        await world.SettleAsync();
        world.ChangeRun(run => run.Status = forge(run.Status!));
        await world.SettleAsync();
        var finished = world.Status.FindCondition(ConditionTypes.Finished)!;
        Assert.That((world.Status.Phase, finished.Status, finished.Reason), Is.EqualTo((Phases.Failed, "True", Reasons.InvalidSpec)));
    }

    [Test]
    public async Task Reconcile_JournalOfAnEndedRunIsDeleted_ItsEndHolds([Values] bool areConditionsRemoved)
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.SucceedAsync();
        world.Segments.Remove(world.Segments.All.Single().Metadata.Name);
        if (areConditionsRemoved)
        {
            world.ChangeRun(run => run.Status = run.Status! with { Conditions = null });
        }

        await world.SettleAsync();

        Assert.That((world.Status.Phase, world.Status.Result!.Text), Is.EqualTo((Phases.Succeeded, "Done.")));
    }

    [Test]
    public async Task Reconcile_EndedRun_ReadsNoJournal([Values] bool isLong)
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        for (var i = 0; i < (isLong ? 60 : 1); i++)
        {
            await world.CommitAsync();
        }

        await world.SucceedAsync();
        world.Restart();
        var reads = world.Segments.Reads;
        await world.SettleAsync();
        Assert.That((world.Segments.Reads - reads, world.Status.Phase), Is.EqualTo((0, Phases.Succeeded)));
    }

    private static IReadOnlyList<Condition> Finished(string reason) =>
    [
        new Condition { Type = ConditionTypes.Finished, Status = "True", Reason = reason, Message = "Mine.", LastTransitionTime = At },
    ];

    private static TestCaseData Case(string what, Func<AgentRunStatus, AgentRunStatus?> forge) => new TestCaseData(forge).SetArgDisplayNames(what);
}
