namespace AgentOperator.ControlRuntime;

/// <summary>
/// A queue of keys with three promises: a key waits at most once, it is never worked on by two workers at the same time, and a key that is added
/// while it is worked on comes again afterwards.
/// </summary>
internal sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // Of this many keys in a row at least one is of low priority when there is one, so that a busy cluster does not starve the initial list.
    private const int NormalInARow = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _normal = new();
    private readonly LinkedList<Waiting> _low = new();
    private readonly Dictionary<TKey, LinkedListNode<Waiting>> _waiting = [];
    private readonly Dictionary<TKey, Processing> _processing = [];
    private readonly IWorkSignal _available;
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly KeyBackoff<TKey> _backoff;
    private readonly ControlRuntimeMetrics _metrics;
    private readonly DelayedKeys<TKey> _delayed;
    private int _normalTaken;
    private bool _shutDown;

    public WorkQueue(string name, TimeProvider time, KeyBackoff<TKey> backoff, ControlRuntimeMetrics metrics, IWorkSignal available)
    {
        _name = name;
        _time = time;
        _backoff = backoff;
        _metrics = metrics;
        _available = available;
        _delayed = new DelayedKeys<TKey>(time, key => Add(key));
    }

    /// <summary>Adds a key, or raises the priority of one that waits. Ignored after <see cref="ShutDown" />.</summary>
    public void Add(TKey key, WorkPriority priority = WorkPriority.Normal)
    {
        lock (_lock)
        {
            if (_shutDown)
            {
                return;
            }

            if (_processing.TryGetValue(key, out var processing))
            {
                if (processing.Again is null)
                {
                    _metrics.KeyAdded(_name);
                }

                processing.Again = processing.Again is { } again && again > priority ? again : priority;
            }
            else if (!_waiting.TryGetValue(key, out var node))
            {
                _metrics.KeyAdded(_name);
                Enqueue(key, priority);
            }
            else if (node.Value.Priority < priority)
            {
                _low.Remove(node);
                node.Value = node.Value with { Priority = priority };
                _normal.AddLast(node);
            }
        }
    }

    /// <summary>Adds a key after a time; of several times for one key the earliest counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        if (delay <= TimeSpan.Zero)
        {
            Add(key);
        }
        else
        {
            _delayed.Add(key, delay);
        }
    }

    /// <summary>Adds a key that failed, after its own backoff.</summary>
    /// <returns>The backoff.</returns>
    public TimeSpan AddRateLimited(TKey key)
    {
        var delay = _backoff.Next(key);
        _metrics.KeyRetried(_name);
        AddAfter(key, delay);
        return delay;
    }

    /// <summary>Ends a key's backoff: its next failure is a first one.</summary>
    public void Forget(TKey key) => _backoff.Forget(key);

    /// <summary>Waits for a key. Whoever takes one calls <see cref="Done" /> for it.</summary>
    /// <returns>The key; not taken after <see cref="ShutDown" />, even if keys wait.</returns>
    public async ValueTask<(bool Taken, TKey Key)> TakeAsync()
    {
        await _available.WaitAsync();
        lock (_lock)
        {
            if (_shutDown)
            {
                // Passes the wake-up on to the next waiter.
                _available.Release();
                return (false, default!);
            }

            var list = NextList();
            var (key, _, since) = list.First!.Value;
            list.RemoveFirst();
            _waiting.Remove(key);
            var now = _time.GetTimestamp();
            _processing.Add(key, new Processing(now));
            _metrics.KeyTaken(_name, _time.GetElapsedTime(since, now));
            return (true, key);
        }
    }

    /// <summary>The work on a key has ended. If the key was added meanwhile, it waits again.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            if (!_processing.Remove(key, out var processing))
            {
                throw new InvalidOperationException("A key is done that nobody took.");
            }

            _metrics.KeyDone(_name, _time.GetElapsedTime(processing.Since));
            if (processing.Again is { } priority && !_shutDown)
            {
                Enqueue(key, priority);
            }
        }
    }

    /// <summary>Ends the queue: nothing is added or taken any more, and every waiting <see cref="TakeAsync" /> returns.</summary>
    public void ShutDown()
    {
        lock (_lock)
        {
            if (_shutDown)
            {
                return;
            }

            _shutDown = true;
            foreach (var _ in _waiting)
            {
                _metrics.KeyDropped(_name);
            }

            _waiting.Clear();
            _normal.Clear();
            _low.Clear();
            _available.Release();
        }

        _delayed.Dispose();
    }

    public void Dispose()
    {
        ShutDown();
        _available.Dispose();
    }

    private void Enqueue(TKey key, WorkPriority priority)
    {
        var list = priority == WorkPriority.Normal ? _normal : _low;
        _waiting.Add(key, list.AddLast(new Waiting(key, priority, _time.GetTimestamp())));
        _metrics.KeyQueued(_name);
        _available.Release();
    }

    private LinkedList<Waiting> NextList()
    {
        if (_normal.Count > 0 && (_low.Count == 0 || _normalTaken < NormalInARow))
        {
            _normalTaken++;
            return _normal;
        }

        _normalTaken = 0;
        return _low;
    }

    private readonly record struct Waiting(TKey Key, WorkPriority Priority, long Since);

    private sealed class Processing(long since)
    {
        public long Since => since;

        public WorkPriority? Again { get; set; }
    }
}
