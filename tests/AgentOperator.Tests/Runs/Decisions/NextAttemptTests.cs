using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;

namespace AgentOperator.Tests.Runs;

/// <summary>What happens after an attempt has ended.</summary>
internal sealed class NextAttemptTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;

    [Test]
    public void Decide_NewRun_StartsJournalThenPodThenClaims()
    {
        var journal = new SnapshotBuilder();
        Assert.That(journal.Decide().Actions, Is.EqualTo(new RunAction[] { new RunAction.StartJournal("Write the report.") }));

        var create = new SnapshotBuilder().Head(epoch: 0, sequence: 1);
        Assert.That(create.Decide().Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(1, "512Mi") }));

        var made = new CreatedPod(1, "survivor-1", "pod-uid-1");
        var claim = new SnapshotBuilder().Head(epoch: 0, sequence: 1).Pod(1).With(snapshot => snapshot with { Created = made });
        Assert.That(claim.Decide().Actions, Is.EqualTo(new RunAction[] { new RunAction.ClaimEpoch(made) }));

        var settled = new SnapshotBuilder().Head(epoch: 1).Pod(1).Decide();
        Assert.Multiple(() =>
        {
            Assert.That(settled.Actions, Is.Empty);
            Assert.That(settled.Status.Phase, Is.EqualTo(Phases.Queued));
            Assert.That(settled.Status.Attempt, Is.EqualTo(1));
            Assert.That(settled.Status.StartedAt, Is.EqualTo(Now.AddMinutes(-5)), "the pod's creation, whenever the status is written");
        });
    }

    [TestCase(Outcomes.Evicted)]
    [TestCase(Outcomes.Preempted)]
    [TestCase(Outcomes.Drained)]
    [TestCase(Outcomes.NodeLost)]
    [TestCase(Outcomes.RejectedByNode)]
    [TestCase(Outcomes.PodDeleted)]
    public void Decide_AfterDisruption_NextAttemptAtOnceWithTheSameMemory(string outcome)
    {
        var plan = new SnapshotBuilder().Head(2).Attempt(2, outcome, memory: "768Mi").Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(3, "768Mi") }));
    }

    [TestCase("64Mi", 200, null, "64Mi", "128Mi")]
    [TestCase("64Mi", 200, null, "128Mi", "256Mi")]
    [TestCase("512Mi", 150, "600Mi", "512Mi", "600Mi")]
    [TestCase("512Mi", 150, null, "512Mi", "768Mi")]
    [TestCase("100M", 150, null, "100M", "144Mi")]
    [TestCase("1Gi", 150, "4Gi", "1Gi", "1536Mi")]
    public void Decide_AfterOutOfMemory_NextAttemptGetsMore(string first, int percent, string? max, string last, string expected)
    {
        var plan = new SnapshotBuilder().Run(run => run.Memory(first, percent, max)).Head(1).Attempt(1, Outcomes.OutOfMemory, memory: last).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, expected) }));
    }

    [TestCase(Outcomes.Evicted, "512Mi", "2Gi", "2Gi")]
    [TestCase(Outcomes.Evicted, "1Gi", "768Mi", "1Gi")]
    [TestCase(Outcomes.OutOfMemory, "512Mi", "2Gi", "2048Mi")]
    [TestCase(Outcomes.OutOfMemory, "512Mi", "600Mi", "768Mi")]
    public void Decide_SpecsLimitWasChanged_NextAttemptGetsTheLargerOfItAndTheLast(string outcome, string last, string limit, string expected)
    {
        var plan = new SnapshotBuilder().Run(run => run.Memory(limit)).Head(1).Attempt(1, outcome, memory: last).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, expected) }));
    }

    [Test]
    public void Decide_OutOfMemoryAtCapWithoutProgress_WaitsForMemoryAndGoesOnWhenItIsRaised()
    {
        var capped = new SnapshotBuilder().Run(run => run.Memory("512Mi", max: "1Gi")).Head(3).Attempt(3, Outcomes.OutOfMemory, memory: "1Gi")
            .Decide();
        Assert.Multiple(() =>
        {
            Assert.That(capped.Actions, Is.Empty);
            Assert.That(capped.Status.Phase, Is.EqualTo(Phases.Waiting));
            Assert.That(capped.Status.WaitingFor, Does.Contain("OOM-killed").And.Contain("spec.recovery.outOfMemory.maxMemory"));
            Assert.That(Running(capped).Reason, Is.EqualTo(Reasons.MemoryCapReached));
            Assert.That(capped.CheckAt, Is.Null);
        });

        var raised = new SnapshotBuilder().Run(run => run.Memory("512Mi", max: "2Gi")).Head(3).Attempt(3, Outcomes.OutOfMemory, memory: "1Gi")
            .Decide();
        Assert.That(raised.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(4, "1536Mi") }));
    }

    [Test]
    public void Decide_OutOfMemoryAtCapAfterProgress_TriesAgainAtCap()
    {
        var plan = new SnapshotBuilder().Run(run => run.Memory("512Mi", max: "1Gi"))
            .Head(3, sequence: 20, progress: 20).Attempt(3, Outcomes.OutOfMemory, memory: "1Gi", from: 10, to: 20).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(4, "1Gi") }));
    }

    [Test]
    public void Decide_OutOfMemoryWhereMemoryIsNeverRaised_CostsAFailure()
    {
        var plan = new SnapshotBuilder().Run(run => run.Memory("512Mi", percent: 100)).Head(1).Attempt(1)
            .Pod(1, pod => PodState.OomKilled(pod, Now)).Decide();

        Assert.That(plan.Status.Failures, Is.EqualTo(1));
        Assert.That(plan.Status.NextAttemptAt, Is.Not.Null);
    }

    [TestCase(0, 2)]
    [TestCase(1, 4)]
    [TestCase(2, 8)]
    [TestCase(7, 256)]
    [TestCase(8, 300)]
    [TestCase(40, 300)]
    public void Decide_AfterErrors_PausesLonger(int failuresBefore, int seconds)
    {
        var plan = new SnapshotBuilder().Run(run => run.Recovery(recovery => recovery with { MaxFailures = 100 })).Head(1)
            .Attempt(1, failures: failuresBefore)
            .Pod(1, pod => PodState.Exited(pod, 1, Now)).Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Status.NextAttemptAt, Is.EqualTo(Now.AddSeconds(seconds)));
            Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Recovering));
            Assert.That(Running(plan).Reason, Is.EqualTo(Reasons.BackingOff));
            Assert.That(plan.CheckAt, Is.EqualTo(Now.AddSeconds(seconds)));
        });
    }

    [Test]
    public void Decide_AfterErrorWithJitter_PausesAtMostAFifthLess() =>
        Assert.That(
            Backoff.Delay(new RecoverySpec { BackoffSeconds = 100 }, 1, jitter: 0.999),
            Is.InRange(TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(100)));

    [Test]
    public void Decide_BackoffPassed_NextAttempt()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Error, failures: 1)
            .With(snapshot => snapshot.WithStatus(snapshot.Status with { NextAttemptAt = Now })).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    [Test]
    public void Decide_TooManyFailures_FinishesWithTheOutcome()
    {
        var plan = new SnapshotBuilder().Head(3).Attempt(3, Outcomes.Hung, failures: 3).Decide();

        var end = ((RunAction.Finish)plan.Actions.Single()).End;
        Assert.Multiple(() =>
        {
            Assert.That(end.Outcome, Is.EqualTo(RunOutcome.Failed));
            Assert.That(end.Reason, Is.EqualTo(Outcomes.Hung));
            Assert.That(end.Message, Does.Contain("3 attempts").And.Contain("attempt 3"));
        });
    }

    [TestCase(Outcomes.InvalidSpec, null, Outcomes.InvalidSpec)]
    [TestCase(Outcomes.BudgetExhausted, null, Outcomes.BudgetExhausted)]
    [TestCase(Outcomes.ModelRejected, null, Outcomes.ModelRejected)]
    [TestCase(Outcomes.Fenced, Reasons.JournalBroken, Reasons.JournalBroken)]
    public void Decide_AfterAFinalOutcome_FinishesAtOnce(string outcome, string? reason, string expected)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, outcome, reason: reason).Decide();

        Assert.That(((RunAction.Finish)plan.Actions.Single()).End.Reason, Is.EqualTo(expected));
    }

    /// <summary>The next attempt gets this operator's runner, which can read the record once the operator is upgraded.</summary>
    [TestCase(1, 15)]
    [TestCase(3, 60)]
    public void Decide_TheRunnerIsOlderThanARecord_TriesAgainSoonAndCostsNoFailure(int inARow, int seconds)
    {
        var snapshot = new SnapshotBuilder().Head(inARow);
        for (var number = 1; number < inARow; number++)
        {
            snapshot = snapshot.Attempt(number, Outcomes.Fenced, reason: TerminationReasons.NewerRecord, from: number, to: number + 1);
        }

        var plan = snapshot.Attempt(inARow, from: inARow)
            .Pod(inARow, pod => PodState.Exited(
                pod, RunnerExitCodes.Fenced, Now, message: """{"reason":"NewerRecord","message":"Record 7 is newer than this runner."}""")).Decide();

        Assert.That(
            (plan.Status.Phase, plan.Status.Failures, plan.Status.NextAttemptAt), Is.EqualTo((Phases.Recovering, 0, Now.AddSeconds(seconds))));
    }

    [Test]
    public void Decide_Diverged_WaitsForAPersonAndGoesOnAfterASuspension()
    {
        var diverged = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Fenced, reason: Reasons.Diverged);
        Assert.That(diverged.Decide().Status.Phase, Is.EqualTo(Phases.Waiting));
        Assert.That(Running(diverged.Decide()).Reason, Is.EqualTo(Reasons.Diverged));

        var resumed = diverged.With(snapshot => snapshot.WithStatus(snapshot.Status with { Phase = Phases.Suspended })).Decide();
        Assert.That(resumed.Actions.Single(), Is.InstanceOf<RunAction.CreatePod>());
    }

    [Test]
    public void Decide_DisruptionsWithoutProgress_SlowDownButCostNoFailure()
    {
        var plan = new SnapshotBuilder().Head(3).Attempt(1, Outcomes.Evicted, from: 1, to: 2).Attempt(2, Outcomes.Evicted, from: 2, to: 3)
            .Attempt(3, from: 3)
            .With(snapshot => snapshot with { Head = snapshot.Head! with { Sequence = 4 } })
            .Pod(3, pod => PodState.Evicted(pod, Now)).Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Status.Failures, Is.Zero);
            Assert.That(plan.Status.NextAttemptAt, Is.EqualTo(Now.AddSeconds(4)));
        });
    }

    [Test]
    public void Decide_PodOfEndedAttemptStillAlive_DeletesItAndWaits()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Hung, failures: 1).Pod(1, pod => PodState.Running(pod, Now.AddMinutes(-4)))
            .Decide();
        Assert.That(plan.Actions.Single(), Is.InstanceOf<RunAction.DeletePod>());

        var waiting = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Hung, failures: 1)
            .Pod(1, pod => PodState.Deleting(PodState.Running(pod, Now.AddMinutes(-4)), Now.AddSeconds(30))).Decide();
        Assert.Multiple(() =>
        {
            Assert.That(waiting.Actions, Is.Empty, "two pods at once are for a lost node only");
            Assert.That(Running(waiting).Reason, Is.EqualTo(Reasons.PodTerminating));
            Assert.That(waiting.CheckAt, Is.EqualTo(Now.AddSeconds(60)));
        });
    }

    [Test]
    public void Decide_PodOfEndedAttemptOnALostNode_GoesOnWithoutIt()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.NodeLost)
            .Pod(1, pod => PodState.Deleting(PodState.Running(pod, Now.AddMinutes(-4)), Now.AddSeconds(-30))).Decide();

        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    [Test]
    public void Decide_EpochOfAnAttemptThatTheStatusDoesNotKnow_IsTheCurrentAttempt()
    {
        // The process died after the claim of epoch 2 and before the status.
        var plan = new SnapshotBuilder().Head(2, sequence: 3).Attempt(1, Outcomes.OutOfMemory, to: 2)
            .Pod(1, pod => PodState.OomKilled(pod, Now)).Pod(2, pod => PodState.Running(pod, Now), memory: "768Mi").Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Status.Attempt, Is.EqualTo(2));
            Assert.That(plan.Status.Attempts![^1].MemoryLimit, Is.EqualTo("768Mi"));
            Assert.That(plan.Status.Attempts[^1].FromSequence, Is.EqualTo(2));
        });
    }

    [Test]
    public void Decide_PodThatDoesNotHoldItsAttemptsEpoch_IsDeletedAndNeverClaimed()
    {
        var builder = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.Running(pod with { Metadata = pod.Metadata with { Uid = "impostor" } }, Now));
        var ended = builder.Decide();
        Assert.That(ended.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.PodDeleted));

        var plan = builder.Status(ended.Status).Decide();
        Assert.That(plan.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }), "nobody waits for it");

        var next = builder.Head(2).Attempt(2).Pod(2).Decide();
        Assert.That(((RunAction.DeletePod)next.Actions.Single()).Pod.Metadata.Uid, Is.EqualTo("impostor"));
    }

    private static Condition Running(RunPlan plan) => plan.Status.Conditions!.Single(condition => condition.Type == ConditionTypes.Running);
}
