using AgentOperator.Api;
using AgentOperator.Journal;

namespace AgentOperator.Tests.Runs;

/// <summary>Journal segments that somebody else wrote, changed or deleted: one clear condition, and nothing is tried again and again.</summary>
[TestFixture]
internal sealed class BrokenJournalTests
{
    private const int SegmentsFull = 60;
    private static readonly RunIdentity Run = new(AgentRunBuilder.Namespace, AgentRunBuilder.Name, AgentRunBuilder.Uid);

    private static IEnumerable<TestCaseData> Edits()
    {
        yield return Edit("no records", spec => spec with { Records = [] }, "segment 1 has no records");
        yield return Edit("another run", spec => spec with { RunUid = "0a1b2c3d" }, "segment 1 belongs to another run");
        yield return Edit("another order", spec => spec with { Records = [.. spec.Records.Reverse()] }, "the hash chain is broken at record 1");
        yield return Edit("another owner", spec => spec with { Head = spec.Head with { PodUid = "mine" } }, "the head of segment 1 does not match");
    }

    private static TestCaseData Edit(string what, Func<JournalSegmentSpec, JournalSegmentSpec> change, string message) =>
        new TestCaseData(change, message).SetArgDisplayNames(what);

    [Test]
    public async Task Reconcile_FirstSegmentIsThereBeforeTheRun_RunFailsAndStartsNothing([Values("empty", "of another run")] string kind)
    {
        using var source = new RunWorld();
        await source.SettleAsync();
        var forged = source.Segments[Name(1)];
        forged.Spec = kind == "empty" ? forged.Spec with { Records = [] } : forged.Spec with { RunUid = "0a1b2c3d" };
        using var world = new RunWorld();
        world.Segments.Put(forged);

        await world.SettleAsync();

        AssertFailed(world, kind == "empty" ? "segment 1 has no records" : "segment 1 belongs to another run");
        Assert.That(world.Pods.Created, Is.Empty);
    }

    [TestCaseSource(nameof(Edits))]
    public async Task Reconcile_OpenSegmentIsEditedWhileTheAgentWorks_RunFails(Func<JournalSegmentSpec, JournalSegmentSpec> change, string message)
    {
        using var world = await WorkingAsync(answers: 2);
        world.Segments.Change(Name(1), segment =>
        {
            segment.Spec = change(segment.Spec);
            return segment;
        });

        await world.SettleAsync();
        await world.SettleAsync();

        AssertFailed(world, message);
        Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Not.Null);
        Assert.That(world.Pods.Created, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Reconcile_SealedSegmentIsEditedWhileTheAgentWorks_RunFails()
    {
        using var world = await WorkingAsync(SegmentsFull);
        world.Segments.Change(Name(1), segment =>
        {
            segment.Spec = segment.Spec with { Records = [.. segment.Spec.Records.Reverse()] };
            return segment;
        });

        await world.SettleAsync();

        AssertFailed(world, "the hash chain is broken at record 1 in segment 1");
    }

    [Test]
    public async Task Reconcile_SegmentIsDeletedWhileTheAgentWorks_RunFailsUnlessItIsDeletedToo(
        [Values] bool isSealed, [Values] bool isNamespaceDeleted)
    {
        using var world = await WorkingAsync(isSealed ? SegmentsFull : 2);
        world.Segments.Remove(Name(1));
        await world.SettleAsync();

        var waiting = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.That((world.Status.Phase, waiting.Status, waiting.Reason), Is.EqualTo((Phases.Waiting, "False", Reasons.JournalBroken)));
        Assert.That(waiting.Message, Does.StartWith(isSealed ? "The run's journal is unusable: segment 1 of the" : "The run's journal was deleted"));
        Assert.That(waiting.Message, Does.EndWith("Unless it is deleted as well, it fails at 2026-03-01T12:00:15Z."));
        if (isNamespaceDeleted)
        {
            world.Runs.Remove(AgentRunBuilder.Name);
            await world.AdvanceAsync(TimeSpan.FromSeconds(20));
            Assert.That(world.Runs.Applied.Select(run => run.Status!.Phase), Has.None.EqualTo(Phases.Failed));
            return;
        }

        await world.AdvanceAsync(TimeSpan.FromSeconds(14));
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Waiting));
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        AssertFailed(world, isSealed ? "segment 1 of the journal is missing" : "The run's journal was deleted");
    }

    [Test]
    public async Task Reconcile_SegmentLosesItsLabelsAndItsOwner_GetsThemBackAndTheRunGoesOn([Values] bool isSealed)
    {
        using var world = await WorkingAsync(isSealed ? SegmentsFull : 2);
        var before = world.Segments[Name(1)].Metadata;
        world.Segments.Change(Name(1), segment =>
        {
            segment.Metadata = segment.Metadata with { Labels = null, OwnerReferences = null };
            return segment;
        });

        await world.SettleAsync();
        await world.SettleAsync();

        var after = world.Segments[Name(1)].Metadata;
        Assert.That(after.Labels, Is.EqualTo(before.Labels));
        Assert.That(after.OwnerReferences.Single().Uid, Is.EqualTo(AgentRunBuilder.Uid));
        await world.SucceedAsync();
        Assert.That((world.Status.Phase, world.Status.Attempt), Is.EqualTo((Phases.Succeeded, 1)));
    }

    private static string Name(int index) => SegmentMapping.NameOf(Run, index);

    private static async Task<RunWorld> WorkingAsync(int answers)
    {
        var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        for (var i = 0; i < answers; i++)
        {
            await world.CommitAsync();
        }

        await world.SettleAsync();
        return world;
    }

    private static void AssertFailed(RunWorld world, string message)
    {
        var finished = world.Status.FindCondition(ConditionTypes.Finished)!;
        Assert.That((world.Status.Phase, finished.Status, finished.Reason), Is.EqualTo((Phases.Failed, "True", Reasons.JournalBroken)));
        Assert.That(finished.Message, Does.Contain(message));
    }
}
