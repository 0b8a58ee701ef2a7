using AgentOperator.Protocol;
using AgentRunner.Loop;
using AgentRunner.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace AgentRunner.Tests.Loop;

internal sealed class CurrentLimitsTests
{
    private static readonly RunLimits Limits = new(50, null, 60, 1024, 8192);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Update_OfAnOlderGeneration_IsIgnored()
    {
        using var limits = Start(60);

        limits.Update(Terms(generation: 4, 600) with { Limits = Limits with { MaxSteps = 100 } });

        Assert.That((limits.Limits.MaxSteps, limits.Deadline), Is.EqualTo((50, _time.GetUtcNow().AddSeconds(60))));
    }

    [Test]
    public void Overdue_DeadlineWasMoved_IsCancelledAtTheNewOne()
    {
        using var limits = Start(60);
        _time.Advance(TimeSpan.FromSeconds(59));
        var overdue = limits.Overdue;
        limits.Update(Terms(6, 11));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.That(overdue.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(overdue.IsCancellationRequested);
    }

    [Test]
    public void Overdue_DeadlineIsMovedAfterItPassed_IsAnother()
    {
        using var limits = Start(60);
        _time.Advance(TimeSpan.FromSeconds(60));
        Assert.That(limits.Overdue.IsCancellationRequested);

        limits.Update(Terms(6, 20));

        Assert.That(limits.Overdue.IsCancellationRequested, Is.False);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(limits.Overdue.IsCancellationRequested);
    }

    [Test]
    public void Overdue_DeadlinePassedAndStays_StaysCancelled()
    {
        using var limits = Start(60);
        var terms = Terms(5, 60);
        _time.Advance(TimeSpan.FromSeconds(60));

        limits.Update(terms);

        Assert.That(limits.Overdue.IsCancellationRequested);
    }

    /// <summary>Timers take no more than 49 days.</summary>
    [TestCase(null)]
    [TestCase(315_360_000)]
    public void Overdue_DeadlineIsFarAwayOrNone_IsNotCancelled(int? seconds)
    {
        using var limits = Start(seconds);
        _time.Advance(TimeSpan.FromDays(60));
        Assert.That(limits.Overdue.IsCancellationRequested, Is.False);
    }

    private CurrentLimits Start(int? seconds) => new(new AppendingGateway(_ => { }), Terms(5, seconds), _time);

    /// <summary>The gateway's clock is another than this machine's.</summary>
    private RunTerms Terms(long generation, int? seconds)
    {
        var now = _time.GetUtcNow().AddMinutes(7);
        return new RunTerms(generation, Limits, now, seconds is { } left ? now.AddSeconds(left) : null);
    }
}
