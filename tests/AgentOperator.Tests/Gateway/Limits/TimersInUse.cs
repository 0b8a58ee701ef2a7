using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway.Limits;

/// <summary>A fake clock that knows its timers: a disposed limiter holds none, and a test moves the clock to the one that is due next.</summary>
internal sealed class TimersInUse : FakeTimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<Tracked> _timers = [];
    private long _changes;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _timers.Count;
            }
        }
    }

    /// <summary>When the next timer is due; null when none is.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _timers.Min(timer => timer.Due);
            }
        }
    }

    /// <summary>Rises whenever a timer is created, changed or disposed.</summary>
    public long Changes => Interlocked.Read(ref _changes);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var tracked = new Tracked(this);
        tracked.Start(base.CreateTimer(
            value =>
            {
                tracked.Fired();
                callback(value);
            },
            state,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan));
        tracked.Change(dueTime, period);
        return tracked;
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }

        Interlocked.Increment(ref _changes);
    }

    private sealed class Tracked(TimersInUse owner) : ITimer
    {
        private ITimer _timer = null!;
        private TimeSpan _period;

        /// <summary>Null for a timer that has fired or was stopped.</summary>
        public DateTimeOffset? Due { get; private set; }

        public void Start(ITimer timer)
        {
            _timer = timer;
            owner.Change(() => owner._timers.Add(this));
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            owner.Change(() => (Due, _period) = (Next(dueTime), period));
            return _timer.Change(dueTime, period);
        }

        public void Fired()
        {
            lock (owner._lock)
            {
                Due = Next(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            owner.Change(() => owner._timers.Remove(this));
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private DateTimeOffset? Next(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? null : owner.GetUtcNow() + wait;
    }
}
