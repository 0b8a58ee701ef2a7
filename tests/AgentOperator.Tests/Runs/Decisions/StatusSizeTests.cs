using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;
using AgentOperator.Runs.Status;

namespace AgentOperator.Tests.Runs;

internal sealed class StatusSizeTests
{
    [TestCase("x")]
    [TestCase("\u0001")]
    [TestCase("漢")]
    [TestCase("\U0001F600")]
    public void Decide_EverythingAsLargeAsItCanBe_StatusStaysUnder16KiB(string letter)
    {
        var much = string.Concat(Enumerable.Repeat(letter, 20_000));
        var builder = new SnapshotBuilder().Head(
            30, sequence: 900, progress: 899,
            finished: new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = Reasons.BudgetExhausted, Message = much, Result = much });
        for (var attempt = 1; attempt <= 29; attempt++)
        {
            builder.Attempt(attempt, Outcomes.Error, from: attempt * 20, to: (attempt + 1) * 20);
        }

        builder.Attempt(30, from: 600).With(snapshot => snapshot.WithStatus(snapshot.Status with
        {
            Attempts = [.. snapshot.Status.Attempts!.Select(record => record with { Message = TextLimit.Cut(much, 512) })],
            WaitingFor = TextLimit.Cut(much, 1024),
        }));

        var status = builder.Pod(30, pod => PodState.Exited(pod, 65, SnapshotBuilder.Now, message: much)).Decide().Status;

        Assert.Multiple(() =>
        {
            Assert.That(StatusSize.BytesOf(status), Is.LessThanOrEqualTo(16 * 1024));
            Assert.That(status.Phase, Is.EqualTo(Phases.Failed));
            Assert.That(status.Attempts, Has.Count.InRange(2, 10));
            Assert.That(status.Attempts![^1].Number, Is.EqualTo(30));
            Assert.That(status.Conditions, Has.Count.EqualTo(3));
        });
    }

    [Test]
    public void Decide_OrdinaryRun_NothingIsShortened()
    {
        var result = new string('r', 4096);
        var status = new SnapshotBuilder()
            .Head(1, finished: new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = Reasons.Completed, Result = result }).Attempt(1)
            .Pod(1, pod => PodState.Exited(pod, 0, SnapshotBuilder.Now)).Decide().Status;

        Assert.That(status.Result!.Text, Is.EqualTo(result));
    }
}
