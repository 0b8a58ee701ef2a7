using AgentOperator.Gateway;
using AgentOperator.Gateway.Bodies;
using Microsoft.Extensions.Options;

namespace AgentOperator.Tests.Gateway.Bodies;

[TestFixture]
internal sealed class BodyBudgetTests
{
    private static readonly GatewayOptions Limits = new() { MaxBodyBytes = 1_000, MaxRunBodyBytes = 300 };

    [Test]
    public void Take_AnyBodiesOfAnyRuns_AreWithinBothLimitsAndAllIsReturned()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var budget = new BodyBudget(Options.Create(Limits));
            var held = new List<(string Run, BodyShare Share, long Bytes)>();
            for (var step = 0; step < 200; step++)
            {
                if (random.Next(3) == 0 && held.Count > 0)
                {
                    var last = held[random.Next(held.Count)];
                    held.Remove(last);
                    last.Share.Dispose();
                    last.Share.Dispose();
                }
                else
                {
                    var (run, bytes) = ($"run-{random.Next(6)}", random.Next(1, 150));
                    var share = budget.Open(run);
                    var fits = held.Sum(body => body.Bytes) + bytes <= 1_000
                        && held.Where(body => body.Run == run).Sum(body => body.Bytes) + bytes <= 300;
                    Assert.That(TryTake(share, bytes), Is.EqualTo(fits), $"seed {seed}, step {step}");
                    if (fits)
                    {
                        held.Add((run, share, bytes));
                    }
                }

                Assert.That(budget.Held, Is.EqualTo(held.Sum(body => body.Bytes)), $"seed {seed}, step {step}");
            }

            held.ForEach(body => body.Share.Dispose());
            Assert.That(budget.Held, Is.Zero, $"seed {seed}");
        }
    }

    private static bool TryTake(BodyShare share, int bytes)
    {
        try
        {
            share.Take(bytes);
            return true;
        }
        catch (GatewayException refused) when (refused.ToError() is { Status: 429, RetryAfterSeconds: > 0 })
        {
            share.Dispose();
            return false;
        }
    }
}
