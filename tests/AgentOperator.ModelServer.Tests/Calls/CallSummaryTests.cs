using AgentOperator.ModelServer.Calls;

namespace AgentOperator.ModelServer.Tests.Calls;

internal sealed class CallSummaryTests
{
    [Test]
    public void Of_EachStepAnsweredOnce_HasNoRepeats()
    {
        var summary = Summarize(Call("r", 0, "a"), Call("r", 1, "b"), Call("q", 0, "c"));

        Assert.That((summary.ModelCalls, summary.RepeatedModelCalls), Is.EqualTo((3, 0)));
    }

    [Test]
    public void Of_SameRequestAnsweredAgain_IsARepeat() =>
        Assert.That(Summarize(Call("r", 0, "a"), Call("r", 0, "a")).RepeatedModelCalls, Is.EqualTo(1));

    [Test]
    public void Of_SameStepWithAnotherRequest_IsARepeat() =>
        Assert.That(Summarize(Call("r", 0, "a"), Call("r", 0, "b"), Call("r", 0, "c")).RepeatedModelCalls, Is.EqualTo(2));

    [Test]
    public void Of_SameRequestAsAnotherRun_IsARepeat() =>
        Assert.That(Summarize(Call("r", 0, "a"), Call("q", 0, "a")).Runs.Select(run => run.RepeatedModelCalls), Is.EqualTo(new[] { 0, 1 }));

    [Test]
    public void Of_RepeatOfARepeatsRequest_IsARepeat() =>
        Assert.That(Summarize(Call("r", 0, "a"), Call("r", 0, "b"), Call("q", 0, "b")).RepeatedModelCalls, Is.EqualTo(2));

    [TestCase(CallOutcome.Fault)]
    [TestCase(CallOutcome.Dropped)]
    [TestCase(CallOutcome.Rejected)]
    [TestCase(CallOutcome.ClientGone)]
    public void Of_UnansweredCallBefore_IsNoRepeat(CallOutcome outcome)
    {
        var summary = Summarize(Call("r", 0, "a", outcome), Call("r", 0, "a"), Call("r", 1, "b"), Call("r", 1, "b", outcome));

        Assert.That((summary.ModelCalls, summary.RepeatedModelCalls), Is.EqualTo((2, 0)));
    }

    [Test]
    public void Of_Outcomes_AreCountedApart()
    {
        var summary = Summarize(
            Call("r", 0, "a", CallOutcome.Fault), Call("r", 0, "a", CallOutcome.Dropped), Call("r", 0, "a"),
            Call("r", 1, "b", CallOutcome.ClientGone), Call("r", 1, "b", CallOutcome.Rejected));

        var run = summary.Runs.Single();
        Assert.That((summary.ModelCalls, summary.Faults, summary.ClientGone, summary.Rejected), Is.EqualTo((1, 2, 1, 1)));
        Assert.That((run.ModelCalls, run.Faults, run.ClientGone, run.Rejected, run.LastStep), Is.EqualTo((1, 2, 1, 1, 0)));
    }

    [Test]
    public void Of_Filter_CountsOnlyThatRunButSeesAllAnswers()
    {
        var summary = CallSummary.Of([Numbered(1, Call("r", 0, "a")), Numbered(2, Call("q", 0, "a"))], scenario: null, run: "q");

        Assert.That((summary.ModelCalls, summary.RepeatedModelCalls), Is.EqualTo((1, 1)));
    }

    [Test]
    public void Of_NothingAnswered_HasNoLastStep() =>
        Assert.That(Summarize(Call("r", 0, "a", CallOutcome.Fault)).Runs.Single().LastStep, Is.Null);

    private static CallSummary Summarize(params CallRecord[] calls) =>
        CallSummary.Of([.. calls.Select((call, i) => Numbered(i + 1, call))], scenario: null, run: null);

    private static CallRecord Numbered(long number, CallRecord call) => call with { Number = number };

    private static CallRecord Call(string run, int step, string hash, CallOutcome outcome = CallOutcome.Answered) => new()
    {
        Number = 0,
        Time = DateTimeOffset.UnixEpoch,
        Scenario = "s",
        Run = run,
        Step = step,
        RequestHash = hash,
        Outcome = outcome,
    };
}
