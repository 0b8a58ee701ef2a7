using AgentOperator.Api;

namespace AgentOperator.Tests.Runs;

/// <summary>Runs that are being deleted, and runs of the name of one that was.</summary>
[TestFixture]
internal sealed class DeletingRunTests
{
    private const string Finalizer = "example.com/keep";

    [Test]
    public async Task Reconcile_FinalizerKeepsADeletedRun_PodStopsAndNoAttemptFollows([Values] bool isSuspended)
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        if (isSuspended)
        {
            world.ChangeSpec(spec => spec with { Suspend = true });
        }

        Delete(world, Finalizer, "foregroundDeletion");
        await world.SettleAsync();

        var running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.That((running.Status, running.Reason), Is.EqualTo(("True", Reasons.Deleting)));
        Assert.That(
            running.Message,
            Is.EqualTo("The run is being deleted. Pod survivor-1 is stopping. Its finalizer example.com/keep must be removed first."));
        Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Not.Null);

        world.Pods.Remove("survivor-1");
        await world.SettleAsync();
        var applied = world.Runs.Applied.Count;
        await world.AdvanceAsync(TimeSpan.FromMinutes(10));

        running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.Multiple(() =>
        {
            Assert.That((world.Status.Phase, running.Status, running.Reason), Is.EqualTo((Phases.Waiting, "False", Reasons.Deleting)));
            Assert.That(running.Message, Is.EqualTo("The run is being deleted. Its finalizer example.com/keep must be removed first."));
            Assert.That(world.Pods.Created, Has.Count.EqualTo(1));
            Assert.That(world.Runs.Applied, Has.Count.EqualTo(applied), "nothing is written again");
            Assert.That(world.Segments.All, Has.Count.EqualTo(1), "the journal stays for as long as the run does");
        });
    }

    [Test]
    public async Task Reconcile_RunIsDeletedBeforeItsFirstAttempt_StartsNothing()
    {
        using var world = new RunWorld();
        Delete(world, Finalizer);
        await world.SettleAsync();
        Assert.That((world.Status.Phase, world.Pods.Created.Count, world.Segments.All.Count), Is.EqualTo((Phases.Pending, 0, 0)));
        Assert.That(world.Status.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(Reasons.Deleting));
    }

    [Test]
    public async Task Reconcile_EndedRunIsDeleted_KeepsItsStatus()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.SucceedAsync();
        Delete(world, Finalizer);
        var applied = world.Runs.Applied.Count;
        await world.SettleAsync();
        Assert.That((world.Status.Phase, world.Runs.Applied.Count), Is.EqualTo((Phases.Succeeded, applied)));
    }

    [Test]
    public async Task Reconcile_DeletingKeepsFailing_RunSaysSo()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        Delete(world, Finalizer);
        world.Fault = request => request.Method == "DELETE" ? new InvalidOperationException("a defect") : null;
        for (var tried = 0; tried < 5; tried++)
        {
            Assert.That(world.ReconcileAndReportAsync, Throws.InvalidOperationException);
            world.Time.Advance(TimeSpan.FromSeconds(6));
        }

        var running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.That((running.Status, running.Reason), Is.EqualTo(("False", Reasons.ReconcileError)));

        world.Fault = _ => null;
        await world.ReconcileAndReportAsync();
        Assert.That(world.Status.FindCondition(ConditionTypes.Running)!.Reason, Is.EqualTo(Reasons.Deleting));
    }

    [Test]
    public async Task Reconcile_RunIsMadeAgainWhileItsFormerPodStops_SaysSoAndWaits()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        var former = world.Pods["survivor-1"].Metadata.Uid;
        world.Runs.Remove(AgentRunBuilder.Name);
        await world.SettleAsync();
        var again = new AgentRunBuilder().Build();
        again.Metadata.Uid = "99999999-0000-4000-8000-000000000001";
        world.Runs.Put(again);
        await world.SettleAsync();

        var running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.That((world.Status.Phase, running.Reason), Is.EqualTo((Phases.Pending, Reasons.PodTerminating)));
        Assert.That(
            running.Message,
            Is.EqualTo("Pod survivor-1 of a deleted run of the same name is still stopping. The attempt starts once it is gone."));
        Assert.That(world.Pods["survivor-1"].Metadata.Uid, Is.EqualTo(former));

        world.Pods.Remove("survivor-1");
        await world.AdvanceAsync(TimeSpan.FromSeconds(3));
        Assert.That((world.Status.Phase, world.Status.Attempt), Is.EqualTo((Phases.Queued, 1)));
        Assert.That(world.Pods["survivor-1"].Metadata.Uid, Is.Not.EqualTo(former));
    }

    private static void Delete(RunWorld world, params IList<string> finalizers) => world.ChangeRun(run =>
    {
        run.Metadata.DeletionTimestamp = world.Time.GetUtcNow().UtcDateTime;
        run.Metadata.Finalizers = finalizers;
        run.Metadata.Generation++;
    });
}
