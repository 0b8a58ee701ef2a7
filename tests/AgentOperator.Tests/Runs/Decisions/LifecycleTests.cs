using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using AgentOperator.Runs.Status;
using AgentOperator.Validation;

namespace AgentOperator.Tests.Runs;

/// <summary>The rules around attempts: acceptance, waiting, suspension, silence, deadline, end and cleanup.</summary>
internal sealed class LifecycleTests
{
    private static readonly DateTimeOffset Now = SnapshotBuilder.Now;
    private static readonly RunFinishedPayload Succeeded = new() { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed, Result = "Done." };

    [Test]
    public void Decide_InvalidSpec_FailsWithoutPodOrJournal()
    {
        var plan = new SnapshotBuilder().With(snapshot => snapshot with { SpecViolations = ["spec.limits.maxSteps: must be at least 1"] }).Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.CheckAt, Is.Null, "it is not tried again");
            Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Failed));
            Assert.That(plan.Status.FinishedAt, Is.EqualTo(Now));
            AssertCondition(plan.Status, ConditionTypes.Accepted, "False", Reasons.InvalidSpec, "spec.limits.maxSteps: must be at least 1");
            AssertCondition(plan.Status, ConditionTypes.Finished, "True", Reasons.InvalidSpec, "spec.limits.maxSteps");
        });
    }

    [Test]
    public void Decide_ManyViolations_NamesTheFirstTen()
    {
        var plan = new SnapshotBuilder()
            .With(snapshot => snapshot with { SpecViolations = [.. Enumerable.Range(1, 12).Select(n => $"spec.f{n}: is wrong")] }).Decide();

        AssertCondition(plan.Status, ConditionTypes.Accepted, "False", Reasons.InvalidSpec, "spec.f10: is wrong; and 2 more");
    }

    [Test]
    public void Decide_InvalidSpecCorrected_Starts()
    {
        var rejected = new SnapshotBuilder().With(snapshot => snapshot with { SpecViolations = ["spec.task: is missing"] }).Decide().Status;
        Assert.That(new SnapshotBuilder().Status(rejected).Decide().Actions, Is.Empty, "the same generation stays rejected");

        var corrected = new SnapshotBuilder().Run(run => run.Generation(2)).Status(rejected).Decide();
        Assert.That(corrected.Actions.Single(), Is.InstanceOf<RunAction.StartJournal>());
    }

    [Test]
    public void Decide_SpecBecomesInvalidWhileRunning_AttemptGoesOnAndNoOtherStarts()
    {
        var running = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).With(Violating).Decide();
        Assert.That(running.Status.Phase, Is.EqualTo(Phases.Running));
        AssertCondition(running.Status, ConditionTypes.Accepted, "False", Reasons.InvalidSpec, "spec.x");

        var between = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Evicted).With(Violating).Decide();
        Assert.That(between.Actions, Is.Empty);
        Assert.That(between.Status.Phase, Is.EqualTo(Phases.Waiting));

        static RunSnapshot Violating(RunSnapshot snapshot) => snapshot with { SpecViolations = ["spec.x: is wrong"] };
    }

    [Test]
    public void Decide_ImmutableFieldChanged_AttemptGoesOnAndNoOtherStarts()
    {
        var running = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).With(Changed).Decide();
        AssertCondition(running.Status, ConditionTypes.Accepted, "False", Reasons.ImmutableField, "spec.model");
        Assert.That(running.Actions, Is.Empty);

        var between = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Evicted).With(Changed).Decide();
        Assert.That(between.Actions, Is.Empty);
        AssertCondition(between.Status, ConditionTypes.Running, "False", Reasons.ImmutableField, "spec.model");

        static RunSnapshot Changed(RunSnapshot snapshot) => snapshot with { ChangedFields = ["spec.model"] };
    }

    [Test]
    public void Decide_NoModelEndpoint_PendingUntilItAppears()
    {
        var blocker = EndpointBlocker.Find(null, "openai", "agents");
        var plan = new SnapshotBuilder().With(snapshot => snapshot with { EndpointBlocker = blocker }).Decide();

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Pending));
        AssertCondition(plan.Status, ConditionTypes.Running, "False", Reasons.ModelEndpointNotFound, "'openai' not found in namespace 'agents'");
    }

    [Test]
    public void Decide_ModelEndpointThatBreaksARule_PendingWithItsField()
    {
        var endpoint = new ModelEndpoint { Spec = new ModelEndpointSpec { BaseUrl = "https://api.example/v1/chat/completions" } };
        var blocker = EndpointBlocker.Find(endpoint, "openai", "agents");
        var plan = new SnapshotBuilder().With(snapshot => snapshot with { EndpointBlocker = blocker }).Decide();

        Assert.That(plan.Actions, Is.Empty);
        AssertCondition(plan.Status, ConditionTypes.Running, "False", Reasons.InvalidModelEndpoint, "spec.baseUrl");
    }

    [Test]
    public void Decide_NoTask_PendingAndLooksAgain()
    {
        var plan = new SnapshotBuilder().With(snapshot => snapshot with { Task = ResolvedTask.NotFound("There is no ConfigMap 'tasks'.") }).Decide();

        Assert.That(plan.CheckAt, Is.EqualTo(Now.AddSeconds(15)));
        AssertCondition(plan.Status, ConditionTypes.Running, "False", Reasons.TaskNotFound, "There is no ConfigMap 'tasks'.");
    }

    [Test]
    public void Decide_SuspendedBeforeTheStart_NothingIsCreated()
    {
        var plan = new SnapshotBuilder().Run(run => run.Suspended()).Decide();

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Suspended));
    }

    [Test]
    public void Decide_SuspendWhileRunning_DeletesThePodOnceAndResumesWithTheNextAttempt()
    {
        var stop = new SnapshotBuilder().Run(run => run.Suspended()).Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).Decide();
        Assert.That(stop.Actions.Single(), Is.InstanceOf<RunAction.DeletePod>());

        var stopping = new SnapshotBuilder().Run(run => run.Suspended()).Head(1).Attempt(1)
            .Pod(1, pod => PodState.Deleting(PodState.Running(pod, Now), Now.AddSeconds(30))).Decide();
        Assert.That(stopping.Actions, Is.Empty);

        var resumed = new SnapshotBuilder().Head(1).Attempt(1, Outcomes.Suspended).Decide();
        Assert.That(resumed.Actions, Is.EqualTo(new RunAction[] { new RunAction.CreatePod(2, "512Mi") }));
    }

    [TestCase(59, null)]
    [TestCase(60, Outcomes.Hung)]
    public void Decide_NoSignOfLife_HungAfterTheTimeout(int silentSeconds, string? outcome)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now.AddMinutes(-4))).SilentFor(silentSeconds)
            .Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(outcome));
        Assert.That(plan.Status.Failures, Is.EqualTo(outcome is null ? 0 : 1));
    }

    [TestCase(10, 20, Description = "often enough that a gap in the looking shows")]
    [TestCase(50, 10, Description = "when the silence becomes too long")]
    public void Decide_Silent_ChecksAgainInTime(int silentSeconds, int nextLookSeconds)
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now.AddMinutes(-4))).SilentFor(silentSeconds)
            .Decide();

        Assert.That(plan.CheckAt, Is.EqualTo(Now.AddSeconds(nextLookSeconds)));
    }

    [Test]
    public void Decide_HeartbeatFromAWrongClock_IsNotSilence()
    {
        var longAgo = Now.AddMinutes(-10);
        var plan = new SnapshotBuilder().Head(1, time: longAgo).Attempt(1)
            .Pod(1, pod => PodState.Heartbeat(PodState.Running(pod, longAgo), longAgo)).SilentFor(5).Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.Null);
    }

    [Test]
    public void Decide_SilentOnANodeThatIsNotReady_NodeLost()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1)
            .Pod(1, pod => PodState.WithCondition(PodState.Running(pod, Now.AddMinutes(-4)), "Ready", "False", "")).SilentFor(60).Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.NodeLost));
        Assert.That(plan.Status.Failures, Is.Zero);
    }

    [Test]
    public void Decide_PodNotRunning_IsNeverHung()
    {
        var plan = new SnapshotBuilder().Head(1).Attempt(1).Pod(1).SilentFor(3600).Decide();

        Assert.That(plan.Status.Attempts![^1].Outcome, Is.Null);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Decide_DeadlinePassed_CommitsTheEnd(bool suspended)
    {
        var builder = new SnapshotBuilder()
            .Run(run => run.Suspended(suspended).Spec(spec => spec with { Limits = spec.Limits with { ActiveDeadlineSeconds = 600 } })).Head(1);
        var plan = (suspended ? builder.Attempt(1, Outcomes.Suspended) : builder.Attempt(1).Pod(1, pod => PodState.Running(pod, Now))).Decide();

        Assert.That(((RunAction.Finish)plan.Actions.Single()).End.Reason, Is.EqualTo(Reasons.DeadlineExceeded));
    }

    [Test]
    public void Decide_StatusSaysThatTheRunStartedBeforeItWasCreated_DeadlineCountsFromItsCreation()
    {
        var created = Now.AddSeconds(-10);
        var snapshot = new SnapshotBuilder().Run(run => run.Spec(spec => spec with { Limits = spec.Limits with { ActiveDeadlineSeconds = 600 } }))
            .Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).Build();
        snapshot.Run.Metadata.CreationTimestamp = created.UtcDateTime;

        var plan = RunDecision.Decide(snapshot);

        Assert.That(plan.Actions, Is.Empty);
        Assert.That(plan.Status.StartedAt, Is.EqualTo(created));
    }

    [Test]
    public void Decide_DeadlineAhead_IsNotMissed()
    {
        var plan = new SnapshotBuilder().Run(run => run.Spec(spec => spec with { Limits = spec.Limits with { ActiveDeadlineSeconds = 605 } }))
            .Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).Decide();

        Assert.That(plan.CheckAt, Is.EqualTo(Now.AddSeconds(5)));
    }

    [Test]
    public void Decide_EndCommittedAndPodExited_TerminalWithResult()
    {
        var plan = new SnapshotBuilder().Head(1, sequence: 9, progress: 8, finished: Succeeded).Attempt(1).Pod(1, pod => PodState.Exited(pod, 0, Now))
            .Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Succeeded));
            Assert.That(plan.Status.Result!.Text, Is.EqualTo("Done."));
            Assert.That(plan.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.Completed));
            Assert.That(plan.Status.Attempts[^1].ExitCode, Is.Zero);
            Assert.That(plan.Status.FinishedAt, Is.EqualTo(Now.AddSeconds(-5)));
            AssertCondition(plan.Status, ConditionTypes.Finished, "True", Reasons.Completed, "");
            AssertCondition(plan.Status, ConditionTypes.Running, "False", Reasons.Completed, "");
        });
    }

    [Test]
    public void Decide_EndCommittedThenKilledForMemory_IsStillSucceeded()
    {
        var plan = new SnapshotBuilder().Head(1, finished: Succeeded).Attempt(1).Pod(1, pod => PodState.OomKilled(pod, Now)).Decide();

        Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Succeeded));
        Assert.That(plan.Status.Attempts![^1].ExitCode, Is.EqualTo(137));
    }

    [Test]
    public void Decide_EndCommittedAndPodStillThere_WaitsThenDeletesIt()
    {
        var waiting = new SnapshotBuilder().Head(1, finished: Succeeded, time: Now.AddSeconds(-9)).Attempt(1)
            .Pod(1, pod => PodState.Running(pod, Now)).Decide();
        Assert.That(waiting.Actions, Is.Empty);
        Assert.That(waiting.Status.Phase, Is.EqualTo(Phases.Running));
        Assert.That(waiting.CheckAt, Is.EqualTo(Now.AddSeconds(1)));

        var over = new SnapshotBuilder().Head(1, finished: Succeeded, time: Now.AddSeconds(-10)).Attempt(1).Pod(1, pod => PodState.Running(pod, Now))
            .Decide();
        Assert.That(over.Actions.Single(), Is.InstanceOf<RunAction.DeletePod>());
        Assert.That(over.Status.Phase, Is.EqualTo(Phases.Succeeded));
    }

    [Test]
    public void Decide_EndedByDeadline_StopsThePodAtOnce()
    {
        var end = new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = Reasons.DeadlineExceeded };
        var plan = new SnapshotBuilder().Head(1, finished: end, time: Now).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).Decide();
        Assert.That(plan.Actions.Single(), Is.InstanceOf<RunAction.DeletePod>());

        var ended = new SnapshotBuilder().Head(1, finished: end, time: Now).Attempt(1).Decide();
        Assert.That(ended.Status.Phase, Is.EqualTo(Phases.Failed));
        Assert.That(ended.Status.Attempts![^1].Outcome, Is.EqualTo(Outcomes.DeadlineExceeded));
    }

    [TestCase(RunOutcome.Failed, Phases.Failed)]
    [TestCase(RunOutcome.Succeeded, Phases.Succeeded)]
    public void Decide_EndCommittedByTheAgent_IsThePhase(RunOutcome outcome, string phase)
    {
        var plan = new SnapshotBuilder().Head(1, finished: new RunFinishedPayload { Outcome = outcome, Reason = Reasons.BudgetExhausted }).Attempt(1)
            .Pod(1, pod => PodState.Exited(pod, 65, Now)).Decide();

        Assert.That(plan.Status.Phase, Is.EqualTo(phase));
        AssertCondition(plan.Status, ConditionTypes.Finished, "True", Reasons.BudgetExhausted, "");
    }

    [Test]
    public void Decide_Ended_StaysAsItIs()
    {
        var ended = new SnapshotBuilder().Head(1, finished: Succeeded).Attempt(1).Pod(1, pod => PodState.Exited(pod, 0, Now)).Decide().Status;

        var again = new SnapshotBuilder().Status(ended).Pod(1, pod => PodState.Exited(pod, 0, Now)).Decide();

        Assert.That(StatusComparer.Compare(ended, again.Status), Is.EqualTo(StatusChange.None), "the head is not even read");
    }

    [Test]
    public void Decide_EndedWithALivingPod_DeletesIt()
    {
        var plan = new SnapshotBuilder().Status(new AgentRunStatus { Phase = Phases.Failed, Attempt = 1 }).Pod(1, pod => PodState.Running(pod, Now))
            .Decide();

        Assert.That(plan.Actions.Single(), Is.InstanceOf<RunAction.DeletePod>());
    }

    [TestCase(100, 99, false)]
    [TestCase(100, 100, true)]
    [TestCase(0, 0, true)]
    public void Decide_TimeToLiveAfterFinished_DeletesTheRun(int ttl, int age, bool deleted)
    {
        var plan = new SnapshotBuilder().Run(run => run.Spec(spec => spec with { TtlSecondsAfterFinished = ttl })
            .Status(new AgentRunStatus { Phase = Phases.Succeeded, FinishedAt = Now.AddSeconds(-age) })).Decide();

        Assert.That(plan.Actions.OfType<RunAction.DeleteRun>().Any(), Is.EqualTo(deleted));
        Assert.That(plan.CheckAt, Is.EqualTo(deleted ? (DateTimeOffset?)null : Now.AddSeconds(ttl - age)));
    }

    [Test]
    public void Decide_ManyEndedPods_KeepsTheLastThree()
    {
        var builder = new SnapshotBuilder().Head(11, sequence: 20);
        for (var attempt = 6; attempt <= 10; attempt++)
        {
            var created = Now.AddMinutes(attempt - 11).UtcDateTime;
            builder.Attempt(attempt, Outcomes.Evicted)
                .Pod(attempt, pod => PodState.Evicted(pod with { Metadata = pod.Metadata with { CreationTimestamp = created } }, Now));
        }

        var plan = builder.Attempt(11).Pod(11, pod => PodState.Running(pod, Now)).Decide();

        Assert.That(
            plan.Actions.Cast<RunAction.DeletePod>().Select(delete => delete.Pod.Metadata.Name), Is.EqualTo(new[] { "survivor-7", "survivor-6" }));
    }

    [Test]
    public void Decide_JournalDeletedUnderARun_FailsInsteadOfStartingFromNothing()
    {
        var builder = new SnapshotBuilder().Attempt(2, Outcomes.Evicted)
            .With(snapshot => snapshot.WithStatus(snapshot.Status with { Checkpoint = new CheckpointStatus { Sequence = 40 } }));

        var waiting = builder.Decide();
        Assert.That((waiting.Status.Phase, waiting.Actions.Count, waiting.CheckAt), Is.EqualTo((Phases.Waiting, 0, Now.AddSeconds(15))));
        AssertCondition(waiting.Status, ConditionTypes.Running, "False", Reasons.JournalBroken, "deleted");

        var later = builder.With(snapshot => snapshot.WithStatus(waiting.Status) with { Now = Now.AddSeconds(15) }).Decide();
        Assert.That(later.Status.Phase, Is.EqualTo(Phases.Failed));
        AssertCondition(later.Status, ConditionTypes.Finished, "True", Reasons.JournalBroken, "deleted");
    }

    [Test]
    public void Decide_ConditionUnchanged_TransitionTimeStays()
    {
        var first = new SnapshotBuilder().Head(1).Attempt(1).Pod(1, pod => PodState.Running(pod, Now)).Decide().Status;
        var later = Now.AddSeconds(40);
        var second = new SnapshotBuilder().Head(1, sequence: 5, progress: 5, time: later).Status(first)
            .Pod(1, pod => PodState.Running(pod, Now)).With(snapshot => snapshot with { Now = later }).Decide().Status;
        Assert.That(second.Conditions!.Select(condition => condition.LastTransitionTime), Is.All.EqualTo(Now));

        var third = new SnapshotBuilder().Head(1, sequence: 5, progress: 5, time: later).Status(second)
            .Pod(1, pod => PodState.Exited(pod, 1, later)).With(snapshot => snapshot with { Now = later }).Decide().Status;
        Assert.That(third.Conditions!.Single(condition => condition.Type == ConditionTypes.Running).LastTransitionTime, Is.EqualTo(later));
        Assert.That(third.Conditions!.Select(condition => condition.ObservedGeneration), Is.All.EqualTo(1));
    }

    [Test]
    public void Decide_NextAttemptShowsLife_RecoverySecondsAreMeasured()
    {
        var builder = new SnapshotBuilder().Head(2, sequence: 3, progress: 1).Attempt(1, Outcomes.Evicted, to: 2).Attempt(2, from: 2)
            .Pod(2, pod => PodState.Heartbeat(PodState.Running(pod, Now), Now.AddSeconds(-48)));

        Assert.That(builder.Decide().Status.Attempts![^1].RecoverySeconds, Is.EqualTo(12), "from the end a minute ago");
    }

    private static void AssertCondition(AgentRunStatus status, string type, string value, string reason, string message)
    {
        var condition = status.Conditions!.Single(candidate => candidate.Type == type);
        Assert.Multiple(() =>
        {
            Assert.That(status.Conditions, Has.Count.EqualTo(3));
            Assert.That(condition.Status, Is.EqualTo(value));
            Assert.That(condition.Reason, Is.EqualTo(reason));
            Assert.That(condition.Message, Does.Contain(message));
            Assert.That(condition.ObservedGeneration, Is.Not.Null);
        });
    }
}
