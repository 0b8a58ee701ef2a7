using System.Threading.RateLimiting;
using AgentOperator.Gateway.Models;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Limits;

[TestFixture]
internal sealed class PerMinuteLimiterTests
{
    private const int Calls = 200;

    /// <summary>The rule itself, whatever the callers do: no minute has more than the limit, and all are served in order.</summary>
    [Test]
    public void Acquire_AnyCalls_NoMinuteHasMoreThanTheLimit([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider();
        var limit = random.Next(1, 20);
        using var limiter = new PerMinuteLimiter(limit, int.MaxValue, time);
        var start = time.GetTimestamp();
        var served = new List<(TimeSpan At, int Permits)>();
        var order = new List<int>();
        for (var call = 0; call < Calls; call++)
        {
            var (number, permits) = (call, random.Next(1, limit + 1));
            _ = NoteAsync(limiter.AcquireAsync(permits), number, permits);
            time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 3) * random.Next(0, 4_000)));
        }

        for (var second = 0; order.Count < Calls && second < Calls * 61; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Multiple(() =>
        {
            Assert.That(order, Is.EqualTo(Enumerable.Range(0, Calls)), "in order, and all of them");
            foreach (var (at, _) in served)
            {
                var minute = served.Where(other => other.At >= at && other.At - at < TimeSpan.FromMinutes(1)).Sum(other => other.Permits);
                Assert.That(minute, Is.LessThanOrEqualTo(limit));
            }
        });

        async Task NoteAsync(ValueTask<RateLimitLease> lease, int number, int permits)
        {
            if ((await lease).IsAcquired)
            {
                served.Add((time.GetElapsedTime(start), permits));
                order.Add(number);
            }
        }
    }

    [Test]
    public async Task Acquire_QueueIsFull_IsRejectedWithTheTimeUntilAPermitComesBack()
    {
        var time = new FakeTimeProvider();
        using var limiter = new PerMinuteLimiter(1, 0, time);
        using var first = await limiter.AcquireAsync();
        time.Advance(TimeSpan.FromSeconds(11));
        using var second = await limiter.AcquireAsync();
        Assert.That((first.IsAcquired, second.IsAcquired), Is.EqualTo((true, false)));
        Assert.That(second.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : default, Is.EqualTo(TimeSpan.FromSeconds(50)));
    }

    [Test]
    public async Task Acquire_LargeCallGivesUp_ThoseBehindItAreServedAtOnce()
    {
        using var limiter = new PerMinuteLimiter(10, 10, new FakeTimeProvider());
        using var first = await limiter.AcquireAsync(5);
        using var hungUp = new CancellationTokenSource();
        var (large, small) = (limiter.AcquireAsync(8, hungUp.Token).AsTask(), limiter.AcquireAsync(5).AsTask());
        Assert.That(small.IsCompleted, Is.False);
        await hungUp.CancelAsync();
        Assert.That((large.IsCanceled, small.IsCompletedSuccessfully), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task Dispose_CallsWait_AreRejected()
    {
        var limiter = new PerMinuteLimiter(1, 10, new FakeTimeProvider());
        using var first = await limiter.AcquireAsync();
        var waits = limiter.AcquireAsync().AsTask();
        limiter.Dispose();
        Assert.That((await waits).IsAcquired, Is.False);
        Assert.That(async () => await limiter.AcquireAsync(), Throws.InstanceOf<ObjectDisposedException>());
    }
}
