using System.Threading.RateLimiting;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// At most so many permits in any minute, on an injected clock; those who wait are served in order. The limiters of System.Threading.RateLimiting
/// measure with the machine's clock even when they are replenished by hand, so neither a test nor a simulation can drive them.
/// </summary>
/// <remarks>Permits are counted by the second: one that is taken comes back by itself when its second is a whole minute ago.</remarks>
internal sealed class PerMinuteLimiter : RateLimiter
{
    private const long WindowSeconds = 60;

    private readonly Lock _lock = new();
    private readonly int _limit;
    private readonly int _longestQueue;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Queue<(long Second, int Permits)> _taken = new();
    private readonly LinkedList<WaitingCall> _waiting = new();
    private int _used;
    private bool _disposed;

    /// <param name="limit">Permits in any minute.</param>
    /// <param name="longestQueue">How many callers may wait; one more is rejected.</param>
    /// <param name="time">The clock.</param>
    public PerMinuteLimiter(int limit, int longestQueue, TimeProvider time)
    {
        (_limit, _longestQueue, _time, _start) = (limit, longestQueue, time, time.GetTimestamp());
        _timer = time.CreateTimer(static limiter => ((PerMinuteLimiter)limiter!).Serve(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override TimeSpan? IdleDuration => null;

    public override RateLimiterStatistics GetStatistics()
    {
        lock (_lock)
        {
            Expire();
            return new RateLimiterStatistics { CurrentAvailablePermits = _limit - _used, CurrentQueuedCount = _waiting.Count };
        }
    }

    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (_lock)
        {
            return TryTake(permitCount) ? PermitLease.Acquired : Rejection();
        }
    }

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(int permitCount, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permitCount, _limit);
        WaitingCall call;
        lock (_lock)
        {
            if (TryTake(permitCount))
            {
                return ValueTask.FromResult<RateLimitLease>(PermitLease.Acquired);
            }

            if (_waiting.Count >= _longestQueue)
            {
                return ValueTask.FromResult<RateLimitLease>(Rejection());
            }

            call = new WaitingCall(permitCount);
            _waiting.AddLast(call.Place);
            SetTimer();
        }

        call.GiveUpWhen(Remove, cancellationToken);
        return new ValueTask<RateLimitLease>(call.Task);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            WaitingCall[] left;
            lock (_lock)
            {
                _disposed = true;
                left = [.. _waiting];
                _waiting.Clear();
            }

            _timer.Dispose();
            Array.ForEach(left, static call => call.TrySetResult(PermitLease.Rejected(TimeSpan.Zero)));
        }
    }

    /// <summary>Nobody overtakes those who wait, so that a large call is not starved by small ones.</summary>
    private bool TryTake(int permits)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        Expire();
        if (_waiting.Count > 0 || permits > _limit - _used)
        {
            return false;
        }

        Take(permits);
        return true;
    }

    private void Take(int permits)
    {
        _used += permits;
        _taken.Enqueue((Second(), permits));
    }

    private void Expire()
    {
        var now = Second();
        while (_taken.TryPeek(out var oldest) && oldest.Second + WindowSeconds < now)
        {
            _used -= _taken.Dequeue().Permits;
        }
    }

    private long Second() => (long)_time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Until the oldest permit comes back.</summary>
    private TimeSpan UntilNext() =>
        _taken.TryPeek(out var oldest) ? TimeSpan.FromSeconds(oldest.Second + WindowSeconds + 1) - _time.GetElapsedTime(_start) : TimeSpan.Zero;

    private PermitLease Rejection() => PermitLease.Rejected(UntilNext());

    private void SetTimer() => _timer.Change(UntilNext(), Timeout.InfiniteTimeSpan);

    private void Serve()
    {
        var served = new List<WaitingCall>();
        lock (_lock)
        {
            Expire();
            while (!_disposed && _waiting.First is { } first && first.Value.Permits <= _limit - _used)
            {
                _waiting.RemoveFirst();
                Take(first.Value.Permits);
                served.Add(first.Value);
            }

            if (!_disposed && _waiting.Count > 0)
            {
                SetTimer();
            }
        }

        // Outside the lock and in order: the callers go on from here.
        served.ForEach(static call => call.TrySetResult(PermitLease.Acquired));
    }

    private void Remove(WaitingCall call)
    {
        lock (_lock)
        {
            if (call.Place.List == _waiting)
            {
                _waiting.Remove(call.Place);
            }
        }

        // Those behind a large call that gave up may have room now.
        Serve();
    }
}
