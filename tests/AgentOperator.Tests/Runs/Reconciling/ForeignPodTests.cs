using System.Net;
using AgentOperator.Api;
using AgentOperator.Journal;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>Pods that the operator did not create, whatever they say of themselves.</summary>
[TestFixture]
internal sealed class ForeignPodTests
{
    private const string ForgedUid = "forged";

    [TestCase(1, Description = "the number of the attempt that works")]
    [TestCase(2)]
    [TestCase(5)]
    public async Task Reconcile_ForgedPodBesideAWorkingAttempt_RunGoesOnAndThePodIsDeleted(int attempt)
    {
        using var world = await WorkingAsync();
        var uid = world.Pods["survivor-1"].Metadata.Uid;
        world.Pods.Put(Forged(world, attempt, name: $"survivor-{attempt + 4}"));
        await world.SettleAsync();

        Assert.Multiple(() =>
        {
            Assert.That((world.Status.Attempt, world.Status.Phase, world.Outcomes), Is.EqualTo((1, Phases.Running, new string?[] { null })));
            Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Null);
            Assert.That(world.Pods[$"survivor-{attempt + 4}"].Metadata.DeletionTimestamp, Is.Not.Null);
            Assert.That(world.Events.Reasons.Count(reason => reason == Reasons.ForeignPod), Is.EqualTo(1));
        });
        Assert.That((await world.HeadAsync())!, Has.Property("Epoch").EqualTo(1).And.Property("PodUid").EqualTo(uid));

        await world.SucceedAsync();
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.That((world.Status.Phase, world.Outcomes), Is.EqualTo((Phases.Succeeded, new[] { Outcomes.Completed })));
        Assert.That(world.Pods.Has("survivor-1"), Is.True, "an ended attempt's pod is kept for its log");
    }

    [Test]
    public async Task Reconcile_ForgedPodsBeforeTheFirstAttempt_AreNoAttempts()
    {
        using var world = new RunWorld();
        world.Pods.Put(Forged(world, 7));
        world.Pods.Put(PodState.Exited(Forged(world, 8, uid: "forged too"), 1, world.Time.GetUtcNow()));
        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Status.Failures ?? 0, world.Pods.Created), Is.EqualTo((1, 0, new[] { "survivor-1" })));
        Assert.That(world.Outcomes, Is.EqualTo(new string?[] { null }));
    }

    [Test]
    public async Task Reconcile_InvalidRunHasAForgedPod_IsRejectedAllTheSame()
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with { Limits = spec.Limits with { MaxSteps = 0 } }));
        world.Pods.Put(Forged(world, 1));
        await world.SettleAsync();

        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Failed));
        Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Not.Null, "an ended run keeps no living pod");
    }

    [Test]
    public async Task Reconcile_ForgedPodHasTheNextName_IsDeletedAndTheAttemptGetsItsOwn()
    {
        using var world = await WorkingAsync();
        world.Pods.Put(Forged(world, 2));
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        var running = world.Status.FindCondition(ConditionTypes.Running)!;
        Assert.That((running.Reason, world.Status.Phase), Is.EqualTo((Reasons.PodTerminating, Phases.Recovering)));
        Assert.That(running.Message, Does.Contain("Waiting for pod survivor-2 to be deleted").And.Contain("not one of the run's attempts"));
        Assert.That((await world.ReconcileAsync()).RequeueAfter, Is.EqualTo(TimeSpan.FromSeconds(2)));

        world.Pods.Remove("survivor-2");
        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Status.Failures), Is.EqualTo((2, 0)));
        Assert.That((await world.HeadAsync())!.PodUid, Is.EqualTo(world.Pods["survivor-2"].Metadata.Uid).And.Not.EqualTo(ForgedUid));
    }

    [Test]
    public async Task Reconcile_PodWithoutLabelsHasTheNextName_IsDeletedAndTheAttemptGetsItsOwn()
    {
        using var world = new RunWorld();
        var helper = Forged(world, 1);
        world.Pods.Put(helper with { Metadata = helper.Metadata with { Labels = null }, Status = new V1PodStatus { Phase = "Pending" } });
        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.That((world.Status.Attempt, world.Status.Failures ?? 0), Is.EqualTo((1, 0)));
        Assert.That((await world.HeadAsync())!.PodUid, Is.EqualTo(world.Pods["survivor-1"].Metadata.Uid).And.Not.EqualTo(ForgedUid));
    }

    [Test]
    public async Task Reconcile_HelperPodWithoutLabels_IsLeftAloneAndHoldsNothingUp()
    {
        using var world = await WorkingAsync();
        var helper = Forged(world, 2, name: "helper");
        world.Pods.Put(helper with { Metadata = helper.Metadata with { Labels = null } });
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        Assert.That(world.Status.Attempt, Is.EqualTo(2));

        await world.StartPodAsync();
        await world.SucceedAsync();

        Assert.That((world.Status.Phase, world.Pods["helper"].Metadata.DeletionTimestamp), Is.EqualTo((Phases.Succeeded, (DateTime?)null)));
        Assert.That(world.Events.Reasons, Does.Not.Contain(Reasons.ForeignPod));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Reconcile_OperatorDiesBetweenCreateAndClaim_PodIsMadeAnew(bool cacheIsLate)
    {
        using var world = new RunWorld(crash: new CrashPoint(write: 3, after: true));
        await world.SyncAsync();
        Assert.That(world.ReconcileAsync, Throws.InstanceOf<CrashException>());
        var left = world.Pods["survivor-1"].Metadata.Uid;

        world.Restart();
        if (cacheIsLate)
        {
            await world.SyncAsync<ModelEndpoint>();
            await world.SyncAsync<AgentRun>();
            await world.ReconcileAsync();
        }

        await world.SettleAsync();
        await world.AdvanceAsync(TimeSpan.FromSeconds(2));

        Assert.That((world.Status.Attempt, world.Status.Failures ?? 0, world.Outcomes), Is.EqualTo((1, 0, new string?[] { null })));
        Assert.That((await world.HeadAsync())!.PodUid, Is.EqualTo(world.Pods["survivor-1"].Metadata.Uid).And.Not.EqualTo(left));
    }

    [Test]
    public async Task Reconcile_AnswerToTheCreateIsLost_PodIsMadeAnew()
    {
        using var world = new RunWorld(crash: new CrashPoint(write: 3, after: true));
        await world.SyncAsync();
        Assert.That(world.ReconcileAsync, Throws.InstanceOf<CrashException>(), "the answer is lost, and the operator lives on");
        var left = world.Pods["survivor-1"].Metadata.Uid;

        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Status.Failures ?? 0), Is.EqualTo((1, 0)));
        Assert.That((await world.HeadAsync())!.PodUid, Is.EqualTo(world.Pods["survivor-1"].Metadata.Uid).And.Not.EqualTo(left));
    }

    [Test]
    public async Task Reconcile_JournalIsAwayAtTheClaim_NextReconcileClaimsTheSamePod()
    {
        using var world = new RunWorld();
        world.Segments.Refusal = _ => world.Pods.All.Count > 0 ? HttpStatusCode.UnprocessableEntity : null;
        await world.SyncAsync();
        Assert.That(world.ReconcileAsync, Throws.InstanceOf<JournalException>());
        Assert.That((await world.HeadAsync())!.Epoch, Is.Zero);

        world.Segments.Refusal = _ => null;
        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Pods.Created), Is.EqualTo((1, new[] { "survivor-1" })));
        Assert.That((await world.HeadAsync())!.PodUid, Is.EqualTo(world.Pods["survivor-1"].Metadata.Uid));
    }

    [Test]
    public async Task Reconcile_AnotherLeaderClaimsTheEpochFirst_OwnPodIsDeletedAndTheNextAttemptFollows()
    {
        using var world = new RunWorld();
        world.WhenAPodIsCreated = () =>
        {
            world.WhenAPodIsCreated = () => { };
            world.ClaimAsync(1, "survivor-1", "of another leader").GetAwaiter().GetResult();
        };
        await world.SettleAsync();

        Assert.Multiple(() =>
        {
            Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.PodDeleted, null }));
            Assert.That((world.Status.Attempt, world.Status.Failures), Is.EqualTo((2, 0)));
            Assert.That(world.Pods.All.Select(pod => pod.Metadata.Name), Is.EqualTo(new[] { "survivor-2" }));
            Assert.That(world.Events.Reasons, Does.Not.Contain(Reasons.ForeignPod), "the operator made it");
        });
    }

    [Test]
    public async Task Reconcile_LabelsAndOwnerOfTheAttemptsPodAreRemoved_SameAttemptGoesOn()
    {
        using var world = await WorkingAsync();
        var before = world.Pods["survivor-1"].Metadata;
        world.Pods.Change("survivor-1", pod => pod with { Metadata = pod.Metadata with { Labels = null, OwnerReferences = null } });
        await world.SettleAsync();
        world.Restart();
        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Outcomes), Is.EqualTo((1, new string?[] { null })));
        var after = world.Pods["survivor-1"].Metadata;
        Assert.That((after.Uid, after.OwnerReferences.Single().Uid), Is.EqualTo((before.Uid, AgentRunBuilder.Uid)), "it goes with its run");
        Assert.That(after.Labels, Is.EquivalentTo(before.Labels));
    }

    private static IEnumerable<TestCaseData> Forgeries()
    {
        yield return Case("outcome", status => status with { Attempts = [status.Attempts![0] with { Outcome = Outcomes.Error }] });
        yield return Case("Hung", status => status with { Attempts = [status.Attempts![0] with { Outcome = Outcomes.Hung }] });
        yield return Case("attempt", status => status with { Attempt = 40 });
        yield return Case("later attempt", status => status with
        {
            Attempt = 2, Attempts = [.. status.Attempts!, new AttemptStatus { Number = 2, Pod = "survivor-2", PodUid = ForgedUid }],
        });
        yield return Case("pod", status => status with { Attempts = [status.Attempts![0] with { PodUid = ForgedUid }] });
        yield return Case("nothing", _ => null);

        static TestCaseData Case(string name, Func<AgentRunStatus, AgentRunStatus?> forge) => new TestCaseData(forge).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Forgeries))]
    public async Task Reconcile_StatusIsForged_AttemptInTheJournalGoesOnAndTheNextHasItsNumber(Func<AgentRunStatus, AgentRunStatus?> forge)
    {
        using var world = await WorkingAsync();
        world.Pods.Put(Forged(world, 2));
        world.ChangeRun(run => run.Status = forge(run.Status!));
        await world.SettleAsync();
        Assert.Multiple(() =>
        {
            Assert.That((world.Status.Attempt, world.Status.Phase, world.Outcomes), Is.EqualTo((1, Phases.Running, new string?[] { null })));
            Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Null);
            Assert.That(world.Pods["survivor-2"].Metadata.DeletionTimestamp, Is.Not.Null);
        });

        world.Pods.Remove("survivor-2");
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        Assert.That((world.Status.Attempt, world.Outcomes), Is.EqualTo((2, new[] { Outcomes.Evicted, null })));
        Assert.That((await world.HeadAsync())!.Epoch, Is.EqualTo(2));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Reconcile_AnotherLeaderRecordedAnEndAndThePodCacheIsLate_EndHoldsAndIsCountedOnce(bool podIsThere)
    {
        using var world = await WorkingAsync();
        world.Pods.Change("survivor-1", pod => PodState.Exited(pod, 139, world.Time.GetUtcNow()));
        if (!podIsThere)
        {
            world.Pods.Remove("survivor-1");
        }

        world.ChangeRun(run => run.Status = run.Status! with
        {
            Phase = Phases.Recovering, Failures = 1, LastExit = Outcomes.Error, NextAttemptAt = world.Time.GetUtcNow().AddHours(1),
            Attempts = [run.Status.Attempts![0] with { Outcome = Outcomes.Error, FinishedAt = world.Time.GetUtcNow() }],
        });
        await world.SyncAsync<AgentRun>();
        await world.ReconcileAsync();
        Assert.That((world.Outcomes, world.Status.Failures), Is.EqualTo((new[] { Outcomes.Error }, 1)));

        await world.SettleAsync();
        Assert.That((world.Outcomes, world.Status.Failures), Is.EqualTo((new[] { Outcomes.Error }, 1)));
    }

    [Test]
    public async Task Reconcile_StatusIsLostAfterAnAttemptEnded_ItsEndIsReadFromItsPod()
    {
        using var world = await WorkingAsync();
        world.Pods.Refusal = _ => HttpStatusCode.Forbidden;
        await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
        world.ChangeRun(run => run.Status = null);
        world.Restart();
        world.Pods.Refusal = _ => null;
        await world.SettleAsync();

        Assert.That((world.Status.Attempt, world.Outcomes), Is.EqualTo((2, new[] { Outcomes.OutOfMemory, null })));
    }

    private static async Task<RunWorld> WorkingAsync()
    {
        var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        return world;
    }

    /// <summary>A running pod with all that the operator writes into its own.</summary>
    private static V1Pod Forged(RunWorld world, int attempt, string? name = null, string uid = ForgedUid)
    {
        var pod = SnapshotBuilder.Plain(world.Run, attempt, "512Mi");
        return PodState.Running(
            pod with
            {
                Metadata = pod.Metadata with
                {
                    Name = name ?? pod.Metadata.Name,
                    Uid = uid,
                    Labels = new Dictionary<string, string>
                    {
                        [Labels.ManagedBy] = Labels.ManagedByValue,
                        [Labels.Run] = AgentRunBuilder.Name,
                        [Labels.RunUid] = AgentRunBuilder.Uid,
                        [Labels.Attempt] = $"{attempt}",
                    },
                },
            },
            world.Time.GetUtcNow());
    }
}
