using System.Net;
using AgentOperator.Api;
using AgentOperator.Journal;
using k8s.Models;

namespace AgentOperator.Tests.Runs;

/// <summary>The reconciler on a cluster in memory.</summary>
internal sealed class ReconcileTests
{
    private const int WritesToSuccess = 25;

    [Test]
    public async Task Reconcile_RunThatIsKilledForMemoryAndEvicted_SucceedsInItsThirdAttempt()
    {
        using var world = new RunWorld(new AgentRunBuilder().Memory("64Mi", percent: 200));
        await RunToSuccessAsync(world);

        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.Evicted, Outcomes.Completed }));
            Assert.That(world.Status.Attempts!.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "64Mi", "128Mi", "128Mi" }));
            Assert.That(
                world.Status.Attempts!.Select(attempt => (attempt.FromSequence, attempt.ToSequence)),
                Is.EqualTo(new (long?, long?)[] { (1, 3), (3, 5), (5, 8) }));
            Assert.That(world.Status.Usage!.Replayed, Is.EqualTo(3 + 5));
            Assert.That(world.Status.Usage.ModelCalls, Is.EqualTo(3));
            Assert.That(world.Status.Result!.Text, Is.EqualTo("Done."));
            Assert.That(world.Pods.Created, Is.EqualTo(new[] { "survivor-1", "survivor-2", "survivor-3" }));
            Assert.That(world.MostAlive, Is.EqualTo(1));
            Assert.That(world.Crash.Writes, Is.LessThanOrEqualTo(WritesToSuccess), "the test below must reach the last write");
            Assert.That(
                world.Events.Reasons,
                Is.EqualTo(new[]
                {
                    Reasons.AttemptStarted, Outcomes.OutOfMemory, Reasons.AttemptStarted, Reasons.MemoryRaised, Outcomes.Evicted,
                    Reasons.AttemptStarted,
                    Reasons.Completed,
                }));
        });
    }

    [Test]
    public async Task Reconcile_OperatorDiesAtAnyWrite_SameAttemptsAndOneEnd([Range(1, WritesToSuccess)] int write, [Values] bool after)
    {
        using var world = new RunWorld(new AgentRunBuilder().Memory("64Mi", percent: 200), new CrashPoint(write, after));
        await RunToSuccessAsync(world);
        await world.AdvanceAsync(TimeSpan.FromMinutes(5));

        var records = await world.RecordsAsync();
        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.Evicted, Outcomes.Completed }));
            Assert.That(world.Pods.Created.Distinct(), Is.EqualTo(new[] { "survivor-1", "survivor-2", "survivor-3" }));
            Assert.That(world.Pods.Created, Has.Count.LessThanOrEqualTo(4), "a pod that is not claimed yet is made anew");
            Assert.That(world.MostAlive, Is.EqualTo(1));
            Assert.That(records.Count(record => record.Kind == "RunFinished"), Is.EqualTo(1));
            Assert.That(records.Where(record => record.Kind == "EpochClaimed").Select(record => record.Epoch), Is.EqualTo(new[] { 1, 2, 3 }));
            Assert.That(
                world.Runs.Applied.Select(run => run.Status!.Phase).SkipWhile(phase => !Phases.IsTerminal(phase)).Distinct(),
                Is.EqualTo(new[] { Phases.Succeeded }));
        });
    }

    [Test]
    public async Task Reconcile_OperatorDiesAtAnyWrite_CallThatKillsEveryAttemptIsAnsweredOnce([Range(1, 20)] int write, [Values] bool after)
    {
        using var world = new RunWorld(new AgentRunBuilder().Memory("64Mi", percent: 200, max: "128Mi"), new CrashPoint(write, after));
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitCallsAsync("poison");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
            await world.StartPodAsync();
        }

        await world.SucceedAsync();

        var answers = (await world.RecordsAsync()).Where(record => record.CallId == "poison").ToList();
        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.OutOfMemory, Outcomes.OutOfMemory, Outcomes.OutOfMemory, Outcomes.Completed }));
            Assert.That(world.Status.Attempts!.Select(attempt => attempt.MemoryLimit), Is.EqualTo(new[] { "64Mi", "128Mi", "128Mi", "128Mi" }));
            Assert.That(answers.Select(record => record.Kind), Is.EqualTo(new[] { "ToolFailed" }));
            Assert.That(answers[0].Payload.GetProperty("content").GetString(), Does.Contain("128Mi"));
        });
    }

    [Test]
    public async Task Reconcile_OperatorDiesAtAnyWriteOfAFailingRun_FailuresAreCountedOnce([Range(1, 20)] int write, [Values] bool after)
    {
        using var world = new RunWorld(new AgentRunBuilder(), new CrashPoint(write, after));
        await world.SettleAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await world.StartPodAsync();
            await world.EndPodAsync(pod => PodState.Exited(pod, 1, world.Time.GetUtcNow()));
            await world.AdvanceAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Failed));
            Assert.That(world.Status.Failures, Is.EqualTo(3));
            Assert.That(world.Pods.Created.Distinct(), Is.EqualTo(new[] { "survivor-1", "survivor-2", "survivor-3" }));
        });
    }

    [Test]
    public async Task Reconcile_NothingNew_WritesNothing()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        var writes = world.Crash.Writes;

        await world.SyncAsync();
        await world.ReconcileAsync();
        await world.ReconcileAsync();

        Assert.That(world.Crash.Writes, Is.EqualTo(writes));
    }

    [Test]
    public async Task Reconcile_CacheDoesNotShowTheNewPodYet_AsksTheServer()
    {
        using var world = new RunWorld();
        await world.SyncAsync();
        await world.ReconcileAsync();

        await world.SyncAsync<AgentRun>();
        await world.ReconcileAsync();

        Assert.That(world.Outcomes, Is.EqualTo(new string?[] { null }));
        Assert.That(world.Pods.Created, Has.Count.EqualTo(1));
    }

    /// <summary>The head was read before the pod, and the pod ended after it: together they look like an agent that committed nothing.</summary>
    [Test]
    public async Task Reconcile_AgentEndsWhileItsPodIsRead_SucceedsWithoutAFailure()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        world.Restart();
        await world.SyncAsync<AgentRun>();
        await world.SyncAsync<ModelEndpoint>();
        world.WhenAPodIsRead = () =>
        {
            world.WhenAPodIsRead = () => { };
            world.FinishAsync().GetAwaiter().GetResult();
            world.Pods.Change(world.Status.Pod!, pod => PodState.Exited(pod, 0, world.Time.GetUtcNow()));
        };

        await world.ReconcileAsync();

        Assert.That(world.Outcomes, Is.EqualTo(new[] { Outcomes.Completed }));
        Assert.That(world.Status.Failures ?? 0, Is.Zero);
    }

    [Test]
    public async Task Reconcile_CacheDoesNotShowTheWrittenStatusYet_RecordsNoEventTwice()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();
        world.Pods.Change("survivor-1", pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        await world.SyncAsync<V1Pod>();

        for (var i = 0; i < 4; i++)
        {
            await world.ReconcileAsync();
            await world.SyncAsync<V1Pod>();
        }

        Assert.That(world.Events.Reasons, Is.EqualTo(new[] { Reasons.AttemptStarted, Outcomes.Evicted, Reasons.AttemptStarted }));
    }

    [Test]
    public async Task Reconcile_PodNameTakenByAnEarlierRunOfTheSameName_WaitsUntilItIsGone()
    {
        using var world = new RunWorld();
        world.Pods.Put(new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "survivor-1", NamespaceProperty = AgentRunBuilder.Namespace, Uid = "old",
                OwnerReferences = [new V1OwnerReference { Kind = "AgentRun", Name = "survivor", Uid = "earlier", Controller = true }],
            },
        });
        await world.SettleAsync();
        Assert.That(Running(world).Reason, Is.EqualTo(Reasons.PodRejected));
        Assert.That(world.Pods["survivor-1"].Metadata.Uid, Is.EqualTo("old"), "it is left alone");

        world.Pods.Remove("survivor-1");
        await world.SettleAsync();
        Assert.That(world.Status.Attempt, Is.EqualTo(1));
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
    }

    [TestCase(HttpStatusCode.Forbidden)]
    [TestCase(HttpStatusCode.UnprocessableEntity)]
    [TestCase(HttpStatusCode.BadRequest, Description = "an admission webhook answers with any code")]
    [TestCase(HttpStatusCode.NotFound)]
    [TestCase(HttpStatusCode.Conflict, Description = "many pods use one quota")]
    [TestCase(HttpStatusCode.InternalServerError, Description = "an admission webhook does not answer")]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    public async Task Reconcile_ServerRefusesThePod_SaysSoAndGoesOnWhenItMay(HttpStatusCode code)
    {
        using var world = new RunWorld();
        world.Pods.RefusalMessage = "exceeded quota: memory";
        world.Pods.Refusal = _ => code;
        await world.SettleAsync();
        Assert.That(Running(world).Reason, Is.EqualTo(Reasons.PodRejected));
        Assert.That(Running(world).Message, Does.Contain("exceeded quota: memory"));
        Assert.That(world.Status.Failures ?? 0, Is.Zero);

        world.Pods.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
    }

    [Test]
    public async Task Reconcile_StatusWithoutANewPhase_IsWrittenAndNotLogged()
    {
        using var world = new RunWorld();
        world.Pods.Refusal = _ => HttpStatusCode.Forbidden;
        await world.SettleAsync();
        var (writes, lines) = (world.Runs.Applied.Count, world.Log.Lines.Count);

        world.Pods.RefusalMessage = "another quota";
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Runs.Applied, Has.Count.GreaterThan(writes));
        Assert.That(world.Log.Lines, Has.Count.EqualTo(lines));

        world.Pods.Refusal = _ => null;
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Log.Messages.Skip(lines), Is.EqualTo(new[] { "Phase Pending -> Queued, attempt 1, sequence 2" }));
    }

    [Test]
    public async Task Reconcile_OnlyProgress_IsWrittenAtMostEveryTwoSeconds()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        var before = world.Runs.Applied.Count;
        for (var i = 0; i < 20; i++)
        {
            await world.CommitAsync();
            await world.SyncAsync();
            await world.ReconcileAsync();
        }

        Assert.That(world.Runs.Applied, Has.Count.EqualTo(before));

        await world.AdvanceAsync(TimeSpan.FromSeconds(2));
        Assert.That(world.Runs.Applied, Has.Count.EqualTo(before + 1));
        Assert.That(world.Status.Progress!.Step, Is.EqualTo(20));
    }

    [Test]
    public async Task Reconcile_AgentCommits_IsReadFromTheStoreOnlyWhenThatIsNoNews()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();
        var reads = world.Segments.Reads;

        await world.SyncAsync();
        await world.ReconcileAsync();
        Assert.That(world.Segments.Reads, Is.EqualTo(reads), "what was committed is known by the watch, and a sign of life");

        await world.ReconcileAsync();
        Assert.That(world.Segments.Reads, Is.EqualTo(reads + 1), "the same once more is no news: whether the agent is silent is asked of the store");
    }

    [Test]
    public async Task Reconcile_AgentCommitsAndIsToStopOrHasEnded_IsReadFromTheStore()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();
        world.ChangeSpec(spec => spec with { Suspend = true });
        await ReconcileAndReadAsync("the run is suspended");

        await world.CommitAsync();
        await ReconcileAndReadAsync("its pod is being deleted");

        async Task ReconcileAndReadAsync(string why)
        {
            var reads = world.Segments.Reads;
            await world.SyncAsync();
            await world.ReconcileAsync();
            Assert.That(world.Segments.Reads, Is.GreaterThan(reads), why);
        }
    }

    [Test]
    public async Task Reconcile_SuspendAndResume_GoesOnWithTheNextAttempt()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();

        world.ChangeSpec(spec => spec with { Suspend = true });
        await world.SettleAsync();
        Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Not.Null);
        world.Pods.Remove("survivor-1");
        await world.SettleAsync();
        Assert.That((world.Status.Phase, world.Outcomes[^1]), Is.EqualTo((Phases.Suspended, Outcomes.Suspended)));
        await world.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.That(world.Pods.All, Is.Empty);

        world.ChangeSpec(spec => spec with { Suspend = false });
        await world.SettleAsync();
        Assert.That(world.Status.Attempt, Is.EqualTo(2));
        Assert.That(world.Status.Failures, Is.Zero);
        Assert.That(world.Events.Reasons, Does.Contain(Reasons.Resumed));
    }

    [Test]
    public async Task Reconcile_SilentAgent_IsReplacedAndFenced()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        for (var i = 0; i < 4; i++)
        {
            await world.AdvanceAsync(TimeSpan.FromSeconds(20));
        }

        Assert.That(world.Outcomes[0], Is.EqualTo(Outcomes.Hung));
        Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Not.Null);

        world.Pods.Remove("survivor-1");
        await world.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.That(world.Status.Attempt, Is.EqualTo(2));
        Assert.That((await world.HeadAsync())!.Epoch, Is.EqualTo(2));
    }

    [Test]
    public async Task Reconcile_OperatorWasAwayForLong_HealthyAgentIsNotReplaced()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();

        world.Time.Advance(TimeSpan.FromHours(1));
        world.Restart();
        await world.SettleAsync();

        Assert.That(world.Outcomes, Is.EqualTo(new string?[] { null }));
    }

    [Test]
    public async Task Reconcile_ApiServerWasAwayForLong_HealthyAgentIsNotReplaced()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();

        world.IsApiServerDown = true;
        for (var i = 0; i < 12; i++)
        {
            var reconcile = world.ReconcileAsync();
            await Eventually.TrueAsync(
                "the reconcile gives up", () => reconcile.IsCompleted, () => world.Time.Advance(TimeSpan.FromSeconds(10)));
            await Assert.ThrowsAsync<JournalException>(() => reconcile);
        }

        world.IsApiServerDown = false;
        await world.SettleAsync();
        Assert.That(world.Outcomes, Is.EqualTo(new string?[] { null }), "its heartbeats could not be recorded");
    }

    [Test]
    public async Task Reconcile_DeadlinePasses_FailsAndNothingIsLeftRunning()
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with { Limits = spec.Limits with { ActiveDeadlineSeconds = 30 } }));
        await world.SettleAsync();
        await world.StartPodAsync();

        await world.AdvanceAsync(TimeSpan.FromSeconds(30));
        world.Pods.Change("survivor-1", pod => PodState.Exited(pod, 75, world.Time.GetUtcNow()));
        await world.SettleAsync();

        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Failed));
            Assert.That(world.Outcomes[^1], Is.EqualTo(Outcomes.DeadlineExceeded));
            Assert.That(
                world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Finished).Reason, Is.EqualTo(Reasons.DeadlineExceeded));
            Assert.That(world.Pods["survivor-1"].Metadata.DeletionTimestamp, Is.Not.Null);
        });
    }

    [Test]
    public async Task Reconcile_ImmutableFieldChangedAndTakenBack_HoldsTheNextAttemptMeanwhile()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();

        world.ChangeSpec(spec => spec with { Model = spec.Model with { Name = "another" } });
        await world.SettleAsync();
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Running), "the attempt goes on");
        var accepted = world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Accepted);
        Assert.That((accepted.Status, accepted.Reason), Is.EqualTo(("False", Reasons.ImmutableField)));
        Assert.That(accepted.Message, Does.Contain("spec.model"));

        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Waiting));
        Assert.That(world.Pods.Created, Has.Count.EqualTo(1));

        world.ChangeSpec(spec => spec with { Model = spec.Model with { Name = "gpt-x" } });
        await world.SettleAsync();
        Assert.That(world.Status.Attempt, Is.EqualTo(2));
    }

    [Test]
    public async Task Reconcile_LimitsAreLoweredOnALiveRun_ItGoesOnUnderTheAcceptedOnes()
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with { Limits = new LimitsSpec { ActiveDeadlineSeconds = 3600 } }));
        await world.SettleAsync();
        await world.StartPodAsync();

        world.ChangeSpec(spec => spec with
        {
            Limits = new LimitsSpec { ActiveDeadlineSeconds = 1, MaxSteps = 5 },
            Model = spec.Model with { EndpointRef = new LocalReference { Name = "absent" } },
        });
        await world.SettleAsync();
        world.Time.Advance(TimeSpan.FromSeconds(20));
        await world.SettleAsync();

        var accepted = world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Accepted);
        Assert.Multiple(() =>
        {
            Assert.That((world.Status.Phase, world.Status.Attempt), Is.EqualTo((Phases.Running, 1)));
            Assert.That((accepted.Status, accepted.Reason), Is.EqualTo(("False", Reasons.ImmutableField)));
            Assert.That(
                accepted.Message,
                Does.StartWith("spec.model.endpointRef, spec.limits.maxSteps, spec.limits.activeDeadlineSeconds: cannot change once the run has"));
        });

        world.ChangeSpec(spec => spec with
        {
            Limits = new LimitsSpec { ActiveDeadlineSeconds = 7200 },
            Model = spec.Model with { EndpointRef = new LocalReference { Name = "openai" } },
        });
        await world.SettleAsync();
        accepted = world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Accepted);
        Assert.That((accepted.Status, world.Status.Attempt), Is.EqualTo(("True", 1)), "a limit may be raised");
    }

    [Test]
    public async Task Reconcile_RecoveryIsResetOnALiveRun_WhatWasAcceptedStillHolds()
    {
        using var world = new RunWorld(new AgentRunBuilder().Recovery(recovery => recovery with { MaxFailures = 5, BackoffSeconds = 7 }));
        await world.SettleAsync();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await world.StartPodAsync();
            if (attempt == 3)
            {
                // As a server without CEL stores patch {"recovery": null}: the defaults, maxFailures of 3 among them.
                world.ChangeSpec(spec => spec with { Recovery = new RecoverySpec() });
                await world.SettleAsync();
            }

            await world.EndPodAsync(pod => PodState.Exited(pod, 1, world.Time.GetUtcNow()));
            await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        }

        var accepted = world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Accepted);
        Assert.Multiple(() =>
        {
            Assert.That((accepted.Status, accepted.Reason), Is.EqualTo(("False", Reasons.ImmutableField)));
            Assert.That(accepted.Message, Does.Contain("spec.recovery.maxFailures").And.Contain("spec.recovery.backoffSeconds"));
            Assert.That((world.Status.Phase, world.Status.Failures), Is.EqualTo((Phases.Waiting, 3)), "the third failure is not the last");
        });

        world.ChangeSpec(spec => spec with { Recovery = new RecoverySpec { MaxFailures = 5, BackoffSeconds = 7 } });
        await world.SettleAsync();
        Assert.That(world.Status.Attempt, Is.EqualTo(4));
    }

    [TestCase('中', 45_000)]
    [TestCase('中', 131_072)]
    [TestCase('"', 393_216)]
    public async Task Reconcile_TaskOfTheLargestSize_IsStarted(char letter, int length)
    {
        using var world = TaskOf(new string(letter, length));
        await world.SettleAsync();
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
    }

    [Test]
    public async Task Reconcile_TaskOverTheBound_IsInvalidAndNamesFieldAndBound()
    {
        using var world = TaskOf(new string('中', 131_073));
        await world.SettleAsync();
        Assert.That((world.Status.Phase, Running(world).Reason), Is.EqualTo((Phases.Failed, Reasons.InvalidSpec)));
        Assert.That(Running(world).Message, Does.Contain("spec.taskFrom.configMapKeyRef").And.Contain("393219").And.Contain("393216"));
    }

    [TestCase("")]
    [TestCase(" \n\t\u3000")]
    public async Task Reconcile_TaskIsBlank_WaitsUntilItHasText(string blank)
    {
        using var world = TaskOf(blank);
        await world.SettleAsync();
        Assert.That((world.Status.Phase, Running(world).Reason), Is.EqualTo((Phases.Pending, Reasons.TaskNotFound)));
        Assert.That(Running(world).Message, Is.EqualTo("ConfigMap 'tasks' has no text at key 'a'."));

        world.ConfigMaps.Change("tasks", map => map with { Data = new Dictionary<string, string> { ["a"] = "Write." } });
        await world.AdvanceAsync(TimeSpan.FromSeconds(16));
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
    }

    private static RunWorld TaskOf(string text)
    {
        var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with
        {
            Task = null, TaskFrom = new TaskSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = "tasks", Key = "a" } },
        }));
        world.ConfigMaps.Put(new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "tasks", NamespaceProperty = AgentRunBuilder.Namespace },
            Data = new Dictionary<string, string> { ["a"] = text },
        });
        return world;
    }

    [Test]
    public async Task Reconcile_MissingEndpointAndTask_StartsWhenTheyAppear()
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with
        {
            Task = null, TaskFrom = new TaskSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = "tasks", Key = "a" } },
        }));
        var endpoint = world.Endpoints.All.Single();
        world.Endpoints.Remove(endpoint.Metadata.Name);
        await world.SettleAsync();
        Assert.That(Running(world).Reason, Is.EqualTo(Reasons.ModelEndpointNotFound));

        world.Endpoints.Put(endpoint);
        await world.SettleAsync();
        Assert.That(Running(world).Reason, Is.EqualTo(Reasons.TaskNotFound));

        world.ConfigMaps.Put(new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = "tasks", NamespaceProperty = AgentRunBuilder.Namespace },
            Data = new Dictionary<string, string> { ["a"] = "From the map." },
        });
        await world.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
        Assert.That((await world.RecordsAsync())[0].Payload.GetProperty("spec").GetProperty("task").GetString(), Is.EqualTo("From the map."));
    }

    [Test]
    public async Task Reconcile_InvalidSpecCorrected_Runs()
    {
        using var world = new RunWorld(new AgentRunBuilder().Spec(spec => spec with { Limits = spec.Limits with { MaxSteps = 0 } }));
        await world.SettleAsync();
        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Failed));
        Assert.That(
            world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Accepted).Message,
            Does.StartWith("spec.limits.maxSteps: "));
        Assert.That(world.Pods.Created, Is.Empty);
        Assert.That(await world.HeadAsync(), Is.Null);

        world.ChangeSpec(spec => spec with { Limits = spec.Limits with { MaxSteps = 10 } });
        await world.SettleAsync();
        Assert.Multiple(() =>
        {
            Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
            Assert.That(world.Status.FinishedAt, Is.Null);
            Assert.That(world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Finished).Status, Is.EqualTo("False"));
        });
    }

    [Test]
    public async Task Reconcile_OperatorDiesAfterACorrectedRunBegan_GoesOn([Range(2, 5)] int write, [Values] bool after)
    {
        using var world = new RunWorld(
            new AgentRunBuilder().Spec(spec => spec with { Limits = spec.Limits with { MaxSteps = 0 } }), new CrashPoint(write, after));
        await world.SettleAsync();
        world.ChangeSpec(spec => spec with { Limits = spec.Limits with { MaxSteps = 10 } });
        await world.SettleAsync();

        Assert.That(world.Status.Phase, Is.EqualTo(Phases.Queued));
    }

    [Test]
    public async Task Reconcile_EndedRunThatIsKeptInShort_LosesNothingWhenItsSpecChanges()
    {
        using var world = new RunWorld();
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();
        await world.SucceedAsync();
        var (status, writes) = (world.Status, world.Runs.Applied.Count);
        world.Restart();
        await world.SettleAsync();
        Assert.That(world.Runs.Applied, Has.Count.EqualTo(writes), "nothing is new");

        world.ChangeSpec(spec => spec with { TtlSecondsAfterFinished = 3600 });
        await world.SettleAsync();

        Assert.That(world.Status.ObservedGeneration, Is.EqualTo(status.ObservedGeneration + 1));
        Assert.That((world.Status.Result, world.Status.Usage, world.Status.Attempts), Is.EqualTo((status.Result, status.Usage, status.Attempts)));
    }

    [Test]
    public async Task Reconcile_TimeToLivePassed_DeletesTheRun()
    {
        using var world = new RunWorld(new AgentRunBuilder().Memory("64Mi", percent: 200).Spec(spec => spec with { TtlSecondsAfterFinished = 100 }));
        await RunToSuccessAsync(world);
        await world.AdvanceAsync(TimeSpan.FromSeconds(90));
        Assert.That(world.IsDeleted, Is.False);

        await world.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.That(world.IsDeleted, Is.True);
    }

    private static async Task RunToSuccessAsync(RunWorld world)
    {
        await world.SettleAsync();
        await world.StartPodAsync();
        await world.CommitAsync();
        await world.EndPodAsync(pod => PodState.OomKilled(pod, world.Time.GetUtcNow()));
        await world.StartPodAsync();
        await world.CommitAsync();
        await world.EndPodAsync(pod => PodState.Evicted(pod, world.Time.GetUtcNow()));
        await world.StartPodAsync();
        await world.CommitAsync();
        await world.SucceedAsync();
    }

    private static Condition Running(RunWorld world) => world.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Running);
}
