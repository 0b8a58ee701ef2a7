namespace AgentOperator.ControlRuntime;

/// <summary>Hands keys out when their time comes. A key waits once, for the earliest time it was given.</summary>
internal sealed class DelayedKeys<TKey> : IDisposable
    where TKey : notnull
{
    // Timers take at most 49 days; a longer wait is looked at again every day.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<TKey, long> _byTime = new();
    private readonly Dictionary<TKey, long> _due = [];
    private readonly TimeProvider _time;
    private readonly Action<TKey> _ready;
    private readonly ITimer _timer;
    private bool _disposed;

    public DelayedKeys(TimeProvider time, Action<TKey> ready)
    {
        _time = time;
        _ready = ready;
        _timer = time.CreateTimer(_ => HandOut(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(TKey key, TimeSpan delay)
    {
        lock (_lock)
        {
            var due = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
            if (_disposed || (_due.TryGetValue(key, out var earlier) && earlier <= due))
            {
                return;
            }

            _due[key] = due;
            _byTime.Enqueue(key, due);
            SetTimer();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _byTime.Clear();
            _due.Clear();
        }

        _timer.Dispose();
    }

    private void HandOut()
    {
        List<TKey> ready = [];
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            while (_byTime.TryPeek(out var key, out var due) && due <= now)
            {
                _byTime.Dequeue();

                // A key that was given an earlier time later is in the heap twice; only its true time counts.
                if (_due.TryGetValue(key, out var current) && current == due)
                {
                    _due.Remove(key);
                    ready.Add(key);
                }
            }

            SetTimer();
        }

        foreach (var key in ready)
        {
            _ready(key);
        }
    }

    private void SetTimer()
    {
        if (_disposed || !_byTime.TryPeek(out _, out var due))
        {
            return;
        }

        // Rounded up to a millisecond, or a timer that fires a moment early would spin.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, due - _time.GetTimestamp()) * 1000.0 / _time.TimestampFrequency));
        _timer.Change(wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
    }
}
