using AgentOperator.Api;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway.Limits;

/// <summary>Each limit of a ModelEndpoint, on a fake clock.</summary>
[TestFixture]
internal sealed class EndpointLimitTests
{
    private const int MoreThanAQueue = EndpointStrategies.LongestQueue + 2;

    [Test]
    public async Task RequestsPerMinute_Reached_TheNextCallWaitsUntilAMinuteHasPassed()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { RequestsPerMinute = 2 });
        var calls = Enumerable.Range(0, 3).Select(_ => world.CallAsync()).ToList();
        world.Advance(60);
        Assert.That(world.Provider.Calls, Is.EqualTo(new[] { 0.0, 0 }));
        world.Advance(1);
        await Task.WhenAll(calls).WaitAsync(LimitWorld.Patience);
        Assert.That(world.Provider.Calls, Is.EqualTo(new[] { 0.0, 0, 61 }));
    }

    [Test]
    public async Task RequestsPerMinute_CountsRetries()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { RequestsPerMinute = 1, MaxRetries = 1 });
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(1)), ProviderStub.Answer);
        var outcome = await world.PassUntilAsync(world.CallAsync());
        Assert.That(outcome, Is.EqualTo(ProviderStub.Answer));
        Assert.That(world.Provider.Calls, Is.EqualTo(new[] { 0.0, 61 }));
    }

    [Test]
    public async Task TokensPerMinute_Reached_TheNextCallWaitsUntilAMinuteHasPassed()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { TokensPerMinute = 100 });
        var calls = new[] { world.CallAsync(60), world.CallAsync(60), world.CallAsync(10) };
        world.Advance(60);
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1), "a small call does not overtake the one that waits");
        world.Advance(1);
        await Task.WhenAll(calls).WaitAsync(LimitWorld.Patience);
        Assert.That(world.Provider.Calls, Is.EqualTo(new[] { 0.0, 61, 61 }));
    }

    [Test]
    public async Task TokensPerMinute_CallIsLargerThanTheLimit_TakesAWholeMinutesTokens()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { TokensPerMinute = 100 });
        Assert.That(await world.AnswerAsync(5_000), Is.EqualTo(ProviderStub.Answer));
        var next = world.CallAsync(1);
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
        world.Advance(61);
        Assert.That(await world.PassUntilAsync(next), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task MaxConcurrentRequests_Reached_TheNextCallWaitsForAnEnd()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxConcurrentRequests = 1 });
        var answer = world.Provider.Hangs();
        var (first, second) = (world.CallAsync(), world.CallAsync());
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
        answer.SetResult(ProviderStub.Answer);
        await Task.WhenAll(first, second).WaitAsync(LimitWorld.Patience);
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task MaxConcurrentRequests_CallWaitsForItsRetry_HoldsNoPlace()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxConcurrentRequests = 1, MaxRetries = 1 });
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(20)), ProviderStub.Answer);
        var retried = world.CallAsync();
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
        Assert.That(retried.IsCompleted, Is.False);
        await world.PassUntilAsync(retried);
    }

    [Test]
    public async Task TimeoutSeconds_Passed_TheCallIsCancelledAndUnavailable()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { TimeoutSeconds = 30 });
        world.Provider.Hangs();
        var call = world.CallAsync();
        world.Advance(29);
        Assert.That(call.IsCompleted, Is.False);
        world.Advance(1);
        Assert.That(await call, Is.InstanceOf<ProviderOutcome.NeedsPerson>().With.Property("Cause").EqualTo(Reasons.AnswerTooSlow));
    }

    [Test]
    public async Task TimeoutSeconds_DoesNotCountTheWaitForALimit()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { TimeoutSeconds = 30, RequestsPerMinute = 1 });
        await world.AnswerAsync();
        Assert.That(await world.PassUntilAsync(world.CallAsync()), Is.EqualTo(ProviderStub.Answer));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task MaxRetries_ProviderStaysAway_IsCalledOnceAndThatOftenAgain(int maxRetries)
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = maxRetries });
        world.Provider.Gives(new ProviderOutcome.Unavailable("down"));
        var outcome = await world.PassUntilAsync(world.CallAsync());
        Assert.That((outcome, world.Provider.Calls.Count), Is.EqualTo(((ProviderOutcome)new ProviderOutcome.Unavailable("down"), maxRetries + 1)));
    }

    [Test]
    public async Task MaxRetries_CallTimesOut_IsTriedAgain()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 1, TimeoutSeconds = 5 });
        world.Provider.Hangs();
        world.Provider.Gives(ProviderStub.Answer);
        Assert.That(await world.PassUntilAsync(world.CallAsync()), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task MaxRetries_ProviderRefuses_IsNotTriedAgain()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 3 });
        world.Provider.Gives(new ProviderOutcome.Rejected("bad key"));
        Assert.That(await world.AnswerAsync(), Is.InstanceOf<ProviderOutcome.Rejected>());
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
    }

    [TestCase(7)]
    [TestCase(30)]
    public async Task RetryAfter_WithinTheLongestWait_IsWaitedForExactly(int seconds)
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 1 });
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(seconds)), ProviderStub.Answer);
        await world.PassUntilAsync(world.CallAsync());
        Assert.That(world.Provider.Calls, Is.EqualTo(new[] { 0.0, seconds }));
    }

    [Test]
    public async Task RetryAfter_LongerThanTheLongestWait_IsTheCallersToWaitFor()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 4 });
        var busy = new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(31));
        world.Provider.Gives(busy);
        Assert.That(await world.PassUntilAsync(world.CallAsync()), Is.EqualTo(busy));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
    }

    private static IEnumerable<TestCaseData> Limits() =>
    [
        new TestCaseData(LimitWorld.Spec with { RequestsPerMinute = 1 }).SetArgDisplayNames("requestsPerMinute"),
        new TestCaseData(LimitWorld.Spec with { TokensPerMinute = 1 }).SetArgDisplayNames("tokensPerMinute"),
        new TestCaseData(LimitWorld.Spec with { MaxConcurrentRequests = 1 }).SetArgDisplayNames("maxConcurrentRequests"),
    ];

    /// <summary>One call has the place, a queue waits, and one more is turned away with a time: no exception, and not past the limit.</summary>
    [TestCaseSource(nameof(Limits))]
    public async Task AnyLimit_QueueIsFull_OneMoreIsUnavailableWithATime(ModelEndpointSpec spec)
    {
        using var world = new LimitWorld(spec);
        world.Provider.Hangs();
        var calls = Enumerable.Range(0, MoreThanAQueue).Select(_ => world.CallAsync()).ToList();
        var turnedAway = (ProviderOutcome.Unavailable)await calls[^1].WaitAsync(LimitWorld.Patience);
        Assert.Multiple(() =>
        {
            Assert.That(turnedAway.Reason, Is.EqualTo("Too many calls wait for ModelEndpoint 'provider'."));
            Assert.That(turnedAway.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
            Assert.That(calls.Count(call => call.IsCompleted), Is.EqualTo(1), "the others go on waiting");
        });
    }

    [TestCaseSource(nameof(Limits))]
    public async Task AnyLimit_WaitIsGivenUp_TheNextCallGetsThePlace(ModelEndpointSpec spec)
    {
        using var world = new LimitWorld(spec);
        var answer = world.Provider.Hangs();
        world.Provider.Gives(ProviderStub.Answer);
        using var hungUp = new CancellationTokenSource();
        var first = world.CallAsync();
        var (givenUp, next) = (world.CallAsync(cancellationToken: hungUp.Token), world.CallAsync());
        await hungUp.CancelAsync();
        Assert.That(async () => await givenUp, Throws.InstanceOf<OperationCanceledException>());
        answer.SetResult(ProviderStub.Answer);
        await first;
        Assert.That(await world.PassUntilAsync(next), Is.EqualTo(ProviderStub.Answer));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(2));
    }
}
