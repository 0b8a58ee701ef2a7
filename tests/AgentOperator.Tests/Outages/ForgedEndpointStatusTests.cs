using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Tests.Outages;

/// <summary>Somebody who may patch the status of a ModelEndpoint writes what the operator would not.</summary>
[TestFixture]
internal sealed class ForgedEndpointStatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public async Task Status_SaysToTryAgainIn2099_NextRunGoesOnAtOnce()
    {
        using var world = new OutageWorld(runs: 2);
        world.Endpoints.Change(OutageWorld.Endpoint, endpoint =>
        {
            endpoint.Status = Away(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
            return endpoint;
        });

        await world.PassUntilAsync(() => world.Statuses.All(status => status.Phase == Phases.Succeeded), TimeSpan.FromMinutes(2));

        Assert.That(world.Available.Status, Is.EqualTo("True"));
    }

    /// <summary>Whatever it says, calls are tried again within the longest pause that the operator itself makes.</summary>
    [Test]
    public void Of_AnyTime_IsWithinTheLongestPause()
    {
        var random = new Random(1);
        for (var n = 0; n < 500; n++)
        {
            var retryAt = Now.AddMinutes(random.Next(-200_000, 200_000) / (n % 2 == 0 ? 1.0 : 100.0));

            var outage = EndpointOutage.Of(Away(retryAt), 1, "gpt", Now)!;

            Assert.That(outage.RetryAt, Is.LessThanOrEqualTo(Now.AddHours(25)));
            Assert.That(outage.RetryAt == retryAt, Is.EqualTo(retryAt <= Now.AddHours(25)));
        }
    }

    private static ModelEndpointStatus Away(DateTimeOffset retryAt) => new()
    {
        ObservedGeneration = 1,
        RetryAt = retryAt,
        Conditions =
        [
            new Condition
            {
                Type = ConditionTypes.Available, Status = ConditionStatuses.False, Reason = Reasons.EndpointUnavailable, Message = "It is away.",
                LastTransitionTime = Now,
            },
        ],
    };
}
