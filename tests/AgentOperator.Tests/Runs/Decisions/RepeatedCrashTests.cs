using AgentOperator.Api;
using AgentOperator.Protocol;
using AgentOperator.Runs;
using AgentOperator.Runs.Recovery;

namespace AgentOperator.Tests.Runs;

/// <summary>A tool call that kills one attempt after another.</summary>
internal sealed class RepeatedCrashTests
{
    private static readonly OpenCall Call = new("call_1", "key", "shell", MayHaveTakenEffect: false);

    [TestCase(Outcomes.Error)]
    [TestCase(Outcomes.Hung)]
    public void Decide_TooManyFailuresInOneCall_AnswersTheCall(string outcome)
    {
        var plan = Exhausted(outcome).With(snapshot => snapshot with { OpenCall = Call }).Decide();

        var answer = (RunAction.AnswerCall)plan.Actions.Single();
        Assert.Multiple(() =>
        {
            Assert.That(answer.ExpectedSequence, Is.EqualTo(4));
            Assert.That((answer.Answer.Kind, answer.Answer.StepKey, answer.Answer.CallId), Is.EqualTo((RecordKinds.ToolFailed, "key", "call_1")));
            Assert.That(Content(answer), Does.Contain(outcome).And.Contain("not be retried").And.Not.Contain("took effect"));
        });
    }

    [Test]
    public void Decide_CallMayHaveTakenEffect_AnswersThatItIsUnknown()
    {
        var plan = Exhausted(Outcomes.Error).With(snapshot => snapshot with { OpenCall = Call with { MayHaveTakenEffect = true } }).Decide();

        var answer = (RunAction.AnswerCall)plan.Actions.Single();
        Assert.That(answer.Answer.Kind, Is.EqualTo(RecordKinds.ToolUnknown));
        Assert.That(Content(answer), Does.Contain("It is unknown whether it took effect"));
    }

    [Test]
    public void Decide_KilledAtTheMostMemory_AnswersTheCallWithTheLimit()
    {
        var plan = AtTheCap(RepeatedCrashPolicy.TellModel).With(snapshot => snapshot with { OpenCall = Call }).Decide();

        Assert.That(Content((RunAction.AnswerCall)plan.Actions.Single()), Does.Contain("OutOfMemory at a memory limit of 1Gi"));
    }

    [TestCase(Outcomes.Error)]
    [TestCase(Outcomes.OutOfMemory)]
    public void Decide_CallWasAnswered_NextAttempt(string outcome)
    {
        var told = (outcome == Outcomes.OutOfMemory ? AtTheCap(RepeatedCrashPolicy.TellModel) : Exhausted(outcome))
            .With(snapshot => snapshot with { Head = snapshot.Head! with { Sequence = 5, ProgressSequence = 5 } });

        Assert.That(told.Decide().Actions.Single(), Is.InstanceOf<RunAction.CreatePod>());
    }

    [Test]
    public void Decide_PolicyIsFail_FailsOrWaits()
    {
        var failed = Exhausted(Outcomes.Error, RepeatedCrashPolicy.Fail).With(snapshot => snapshot with { OpenCall = Call }).Decide();
        Assert.That(failed.Actions.Single(), Is.InstanceOf<RunAction.Finish>());

        var waiting = AtTheCap(RepeatedCrashPolicy.Fail).With(snapshot => snapshot with { OpenCall = Call }).Decide();
        Assert.That(waiting.Status.Phase, Is.EqualTo(Phases.Waiting));
    }

    [Test]
    public void Decide_NoCallIsOpen_FailsOrWaits()
    {
        Assert.That(Exhausted(Outcomes.Error).Decide().Actions.Single(), Is.InstanceOf<RunAction.Finish>());
        Assert.That(AtTheCap(RepeatedCrashPolicy.TellModel).Decide().Status.Phase, Is.EqualTo(Phases.Waiting));
    }

    [TestCase(Outcomes.StartFailed)]
    [TestCase(Outcomes.EndpointDown)]
    public void Decide_OutcomeThatNoToolCallCauses_Fails(string outcome)
    {
        var plan = Exhausted(outcome).With(snapshot => snapshot with { OpenCall = Call }).Decide();

        Assert.That(plan.Actions.Single(), Is.InstanceOf<RunAction.Finish>());
    }

    [Test]
    public void Decide_AttemptEndsAtTheMostMemory_DoesNotSayThatItWaits()
    {
        var plan = new SnapshotBuilder().Run(run => run.Memory("512Mi", max: "1Gi")).Head(3, sequence: 4).Attempt(3, memory: "1Gi", from: 4)
            .Pod(3, pod => PodState.OomKilled(pod, SnapshotBuilder.Now), memory: "1Gi").Decide();

        Assert.Multiple(() =>
        {
            Assert.That(plan.Actions, Is.Empty);
            Assert.That(plan.Status.Phase, Is.EqualTo(Phases.Recovering));
            Assert.That(plan.CheckAt, Is.EqualTo(SnapshotBuilder.Now), "the call is looked up at once");
        });
    }

    [Test]
    public void Find_SomeCallsHaveOutcomes_TheFirstWithout()
    {
        var open = OpenCall.Find("lineage", 1, RecordedTurn.Of(7, ["a", "b", "c"]).Outcome("a").Records);

        Assert.That(open, Is.EqualTo(new OpenCall("b", StepKeys.ForToolCall("lineage", 7, "b"), "shell", false)));
    }

    [Test]
    public void Find_CallsWithTheSameId_AreToldApartAsTheRunnerDoes()
    {
        var open = OpenCall.Find("lineage", 3, RecordedTurn.Of(7, ["a", "a"]).Outcome("a").Records);

        Assert.That(open!.CallId, Is.EqualTo("call_3_1"));
    }

    [TestCase(ToolEffect.Irreversible, true)]
    [TestCase(ToolEffect.Keyed, false)]
    public void Find_IntentIsCommitted_MayHaveTakenEffectWhenIrreversible(ToolEffect effect, bool expected)
    {
        var open = OpenCall.Find("lineage", 1, RecordedTurn.Of(7, ["a"]).Intent("a", effect).Records);

        Assert.That(open!.MayHaveTakenEffect, Is.EqualTo(expected));
    }

    [Test]
    public void Find_AllHaveOutcomesOrNoAnswer_Null()
    {
        Assert.That(OpenCall.Find("lineage", 1, RecordedTurn.Of(7, ["a"]).Outcome("a").Records), Is.Null);
        Assert.That(OpenCall.Find("lineage", 0, []), Is.Null);
    }

    private static SnapshotBuilder Exhausted(string outcome, RepeatedCrashPolicy policy = RepeatedCrashPolicy.TellModel) =>
        new SnapshotBuilder().Run(run => run.Recovery(recovery => recovery with { RepeatedCrash = policy }))
            .Head(3, sequence: 4, progress: 2).Attempt(3, outcome, from: 2, to: 4, failures: 3);

    private static SnapshotBuilder AtTheCap(RepeatedCrashPolicy policy) =>
        new SnapshotBuilder().Run(run => run.Memory("512Mi", max: "1Gi").Recovery(recovery => recovery with { RepeatedCrash = policy }))
            .Head(3, sequence: 4, progress: 2).Attempt(3, Outcomes.OutOfMemory, memory: "1Gi", from: 2, to: 4);

    private static string Content(RunAction.AnswerCall answer) => answer.Answer.Payload.GetProperty("content").GetString()!;
}
