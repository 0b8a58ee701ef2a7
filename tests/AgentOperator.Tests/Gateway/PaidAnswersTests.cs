using AgentOperator.Gateway;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

/// <summary>A run has one call under way at a replica, so it has one place in its endpoints' queues there.</summary>
[TestFixture]
internal sealed class PaidAnswersTests
{
    private const string Run = "run";
    private static readonly JournalHead Head = new() { Sequence = 3, Epoch = 2, Time = DateTimeOffset.UnixEpoch, Hash = "" };
    private static readonly ProviderOutcome Answered = new ProviderOutcome.Answered(new ModelAnswerPayload { Model = "m", FinishReason = "stop" });

    /// <summary>Two requests got the first call's answer. The second commits it when the runner has used the key again.</summary>
    [Test]
    public async Task Committed_KeyHasANewCallUnderWay_ThatCallIsStillTheRunsOnlyOne()
    {
        var paid = new PaidAnswers(new FakeTimeProvider());
        await paid.GetOrCallAsync(Run, "step-1", () => Task.FromResult(Answered));
        paid.Committed(Run, "step-1");
        var again = new TaskCompletionSource<ProviderOutcome>();
        _ = paid.GetOrCallAsync(Run, "step-1", () => again.Task);

        paid.Committed(Run, "step-1");

        Assert.That(() => paid.GetOrCallAsync(Run, "step-2", () => again.Task), Throws.InstanceOf<GatewayException>());
        again.SetResult(Answered);
    }

    /// <summary>Requests, repetitions, takeovers, ends of any kind and late commits, in any order.</summary>
    [Test]
    public void GetOrCall_AnythingARunnerMayDo_AtMostOneCallOfARunIsUnderWay()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var time = new FakeTimeProvider();
            var paid = new PaidAnswers(time);
            var underWay = new List<TaskCompletionSource<ProviderOutcome>>();
            for (var step = 0; step < 60; step++)
            {
                switch (random.Next(5))
                {
                    case 0 or 1:
                        Request(paid, $"step-{random.Next(3)}", underWay);
                        break;
                    case 2 when underWay.Count > 0:
                        var call = underWay[0];
                        underWay.RemoveAt(0);
                        End(call, random.Next(5));
                        break;
                    case 3:
                        paid.Committed(Run, $"step-{random.Next(3)}");
                        break;
                    case 4:
                        time.Advance(TimeSpan.FromMinutes(random.Next(20)));
                        break;
                }

                Assert.That(underWay, Has.Count.LessThanOrEqualTo(1), $"seed {seed}, step {step}");
            }
        }
    }

    private static void Request(PaidAnswers paid, string step, List<TaskCompletionSource<ProviderOutcome>> underWay)
    {
        try
        {
            _ = paid.GetOrCallAsync(Run, step, () =>
            {
                var call = new TaskCompletionSource<ProviderOutcome>();
                underWay.Add(call);
                return call.Task;
            });
        }
        catch (GatewayException refused) when (refused.ToError().Code == ErrorCodes.CallInProgress)
        {
            // Another step's call is under way.
        }
    }

    private static void End(TaskCompletionSource<ProviderOutcome> call, int how)
    {
        switch (how)
        {
            case 0:
                call.SetResult(Answered);
                break;
            case 1:
                call.SetResult(new ProviderOutcome.Unavailable("away"));
                break;
            case 2:
                call.SetException(new GatewayException(402, ErrorCodes.BudgetExhausted, "used up"));
                break;
            default:
                call.SetResult(new ProviderOutcome.Superseded(Head));
                break;
        }
    }
}
