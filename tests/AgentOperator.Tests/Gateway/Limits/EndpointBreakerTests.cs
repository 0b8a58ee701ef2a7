using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using AgentOperator.Validation;

namespace AgentOperator.Tests.Gateway.Limits;

/// <summary>When an endpoint's breaker opens, for how long, and what closes it.</summary>
[TestFixture]
internal sealed class EndpointBreakerTests
{
    private static readonly ProviderOutcome Down = new ProviderOutcome.Unavailable("The model endpoint answered 503.");

    private static readonly ProviderOutcome Refused = new ProviderOutcome.NeedsPerson(Reasons.KeyRefused, "The model endpoint answered 401.");

    private static readonly TimeSpan OpenFor = TimeSpan.FromMinutes(1);

    /// <summary>The time at which the breaker lets a probe through is a whole second.</summary>
    private static readonly TimeSpan TheRoundingUp = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Call_ThreeFailuresInARow_OpensForFiveSeconds()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Down);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Down));
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Down));
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Waits(5)));
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Waits(5)));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(3), "the last one was not sent");
    }

    [TestCase(4, false)]
    [TestCase(5, true)]
    public async Task Call_FailsAgainLater_OpensIfThatIsFiveSeconds(int seconds, bool opens)
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Down, ProviderStub.Answer, Down);
        await world.AnswerAsync();
        world.Advance(60);
        await world.AnswerAsync();
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Down), "the answer between them ended what the first one began");

        world.Advance(seconds);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(opens ? Waits(5) : Down));
    }

    [Test]
    public async Task Call_AnswerBetweenFailures_StaysClosed()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Down, Down, ProviderStub.Answer, Down, Down, ProviderStub.Answer);
        for (var i = 0; i < 6; i++)
        {
            await world.AnswerAsync();
        }

        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
    }

    [TestCase(600)]
    [TestCase(31)]
    public async Task Call_ProviderNamesALongTime_OpensAtOnceForThatTime(int seconds)
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(seconds)), ProviderStub.Answer);
        await world.AnswerAsync();
        world.Advance(seconds - 1);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(1))));
        world.Advance(1);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task Call_PersonMustAct_OpensAtOnceForAMinuteAndUpToFive()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Refused);
        var breaks = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var outcome = (ProviderOutcome.NeedsPerson)await world.AnswerAsync();
            Assert.That(outcome.Reason, Is.EqualTo("The model endpoint answered 401."));
            breaks.Add(outcome.RetryAfter!.Value.TotalSeconds);
            world.Advance(breaks[^1]);
        }

        Assert.That(breaks, Is.EqualTo(new[] { 60.0, 60, 120, 240, 300, 300 }));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(6));
    }

    [Test]
    public async Task Call_OutageLasts_BreaksGrowToAMinuteAndCallsStayFew()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(new ProviderOutcome.Unavailable("busy", TimeSpan.FromSeconds(1)));
        for (var second = 0; second < 15 * 60; second++)
        {
            await world.AnswerAsync();
            world.Advance(1);
        }

        Assert.That(world.Provider.Calls, Has.Count.LessThan(25));
        Assert.That(world.Provider.Calls[^1] - world.Provider.Calls[^2], Is.EqualTo(60));
    }

    [Test]
    public async Task Call_BreakIsOver_OneCallTriesAndTheOthersWait()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Down, Down, Down);
        var answer = world.Provider.Hangs();
        world.Provider.Gives(ProviderStub.Answer);
        for (var i = 0; i < 3; i++)
        {
            await world.AnswerAsync();
        }

        world.Advance(5);
        var probe = world.CallAsync();
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Waits(5)));
        answer.SetResult(ProviderStub.Answer);
        await probe.WaitAsync(LimitWorld.Patience);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Call_ProbeIsNotSent_TheNextOneTries()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Refused);
        world.Provider.Hangs();
        world.Provider.Gives(ProviderStub.Answer);
        await world.AnswerAsync();
        world.Advance(60);
        using var hungUp = new CancellationTokenSource();
        var probe = world.CallAsync(cancellationToken: hungUp.Token);
        await hungUp.CancelAsync();
        Assert.That(async () => await probe, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
    }

    /// <summary>Each call may be paid for.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(20)]
    public async Task Call_TimesOutTwice_OpensAndSaysWhatToDo(int maxRetries)
    {
        using var world = new LimitWorld(LimitWorld.Spec with { TimeoutSeconds = 10, MaxRetries = maxRetries });
        world.Provider.Hangs();
        for (var i = 0; i < 3; i++)
        {
            await world.PassUntilAsync(world.CallAsync());
        }

        var refused = (ProviderOutcome.NeedsPerson)await world.AnswerAsync();
        Assert.That(refused.Cause, Is.EqualTo(Reasons.AnswerTooSlow));
        Assert.That(refused.Reason, Does.Contain("within 10 s").And.Contain("spec.timeoutSeconds"));
        Assert.That(refused.RetryAfter, Is.InRange(OpenFor, OpenFor + TheRoundingUp));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Call_OneWebPage_IsTriedAgain_AndTheSecondOpens()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxRetries = 4 });
        world.Provider.Gives(new ProviderOutcome.NeedsPerson(Reasons.UnexpectedAnswer, "A login page."));
        var refused = (ProviderOutcome.NeedsPerson)await world.PassUntilAsync(world.CallAsync());
        Assert.That((refused.Cause, refused.Reason), Is.EqualTo((Reasons.UnexpectedAnswer, "A login page.")));
        Assert.That(refused.RetryAfter, Is.InRange(OpenFor, OpenFor + TheRoundingUp));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(2));
    }

    [TestCase(Reasons.ModelNotFound)]
    [TestCase(Reasons.ParameterRefused)]
    [TestCase(null)]
    public async Task Call_TheEndpointAnswersThatTheRunIsWrong_StaysClosed(string? cause)
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(cause is null ? new ProviderOutcome.Rejected("400") : new ProviderOutcome.NeedsPerson(cause, "No such model."));
        for (var i = 0; i < 5; i++)
        {
            await world.AnswerAsync();
        }

        Assert.That(world.Provider.Calls, Has.Count.EqualTo(5));
    }

    [Test]
    public async Task Call_WaitsForALimitWhileTheBreakerOpens_IsNotSent()
    {
        using var world = new LimitWorld(LimitWorld.Spec with { MaxConcurrentRequests = 1 });
        var answer = world.Provider.Hangs();
        var (first, second) = (world.CallAsync(), world.CallAsync());
        answer.SetResult(Refused);
        await Task.WhenAll(first, second).WaitAsync(LimitWorld.Patience);
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_SpecChanged_IsMadeAtOnce()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        world.Provider.Gives(Refused, ProviderStub.Answer);
        await world.AnswerAsync();
        world.Endpoint.Spec = LimitWorld.Spec with { BaseUrl = "https://other.example/v1" };
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task Call_OutageIsReported_TheSharedStateRulesFromThenOn()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        EndpointOutage? shared = null;
        world.Shared = new SharedOutage(() => shared, outage =>
        {
            shared = outage;
            return Task.FromResult(true);
        });
        world.Provider.Gives(Refused, ProviderStub.Answer);
        await world.AnswerAsync();
        Assert.That(shared?.Reason, Is.EqualTo(Reasons.KeyRefused));

        // Another replica saw the new key work.
        shared = null;
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
    }

    [Test]
    public async Task Call_ReportFails_NextRefusalReportsAgain()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        var reports = 0;
        world.Shared = new SharedOutage(() => null, _ => Task.FromResult(++reports == 3));
        world.Provider.Gives(Refused);
        for (var call = 1; call <= 2; call++)
        {
            await world.AnswerAsync();
            Assert.That(reports, Is.EqualTo(call));
        }

        await world.AnswerAsync();
        Assert.That((reports, world.Provider.Calls.Count), Is.EqualTo((3, 1)), "no replica calls, and each knows why");
    }

    /// <summary>Otherwise attempts start, because the endpoint is said to be available, and each that asks this replica ends at once.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public async Task Call_ReportFailsAndAnotherReplicaLearnsSomethingNew_ThatRules(bool isAvailable)
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        var now = world.Time.GetUtcNow();
        var shared = isAvailable ? new EndpointOutage(Reasons.KeyRefused, "The model endpoint answered 401.", now.AddSeconds(-9), now) : null;
        world.Shared = new SharedOutage(() => shared, _ => Task.FromResult(false));
        world.Provider.Gives(Refused, ProviderStub.Answer);
        await world.AnswerAsync();
        Assert.That(await world.AnswerAsync(), Is.InstanceOf<ProviderOutcome.NeedsPerson>(), "what the others knew before says nothing");

        shared = isAvailable ? null : new EndpointOutage(Reasons.KeyRefused, "The model endpoint answered 401.", now, now);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(ProviderStub.Answer));
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Call_AnotherReplicaReportedAnOutage_IsNotMadeUntilItsTime_ThenByOne()
    {
        using var world = new LimitWorld(LimitWorld.Spec);
        var now = world.Time.GetUtcNow();
        var shared = new EndpointOutage(Reasons.EndpointUnavailable, "Overloaded.", now.AddSeconds(-40), now.AddSeconds(20));
        world.Shared = new SharedOutage(() => shared, _ => Task.FromResult(false));
        Assert.That(await world.AnswerAsync(), Is.EqualTo(new ProviderOutcome.Unavailable("Overloaded.", TimeSpan.FromSeconds(20))));
        Assert.That(world.Provider.Calls, Is.Empty);
        world.Provider.Gives(Down);
        world.Advance(20);
        Assert.That(await world.AnswerAsync(), Is.EqualTo(Waits(60)), "it has lasted for a minute");
        Assert.That(world.Provider.Calls, Has.Count.EqualTo(1));
    }

    private static ProviderOutcome.Unavailable Waits(int seconds) => new("The model endpoint answered 503.", TimeSpan.FromSeconds(seconds));
}
