namespace AgentOperator.Chaos.Engine;

/// <summary>
/// The runtime resumes a cancelled <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/> on the thread pool, whatever the
/// simulator does. What is resumed there is stopped before its first instruction, known by the execution context that it brings along, and runs
/// while the simulator's thread waits for it: so still one at a time, in an order that the seed gives and not the machine.
/// </summary>
internal sealed class PoolBarrier
{
    /// <summary>
    /// A delay that nobody awaits resumes nobody. Looked for so often that neither a busy machine nor a stop of the whole process is taken for
    /// that.
    /// </summary>
    private const int Looks = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly AsyncLocal<Flow?> Current = new(Changed);

    [ThreadStatic]
    private static Flow? _guest;

    private readonly object _gate = new();
    private readonly List<Flow> _waiting = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _flows;
    private int _expected;
    private Flow? _running;
    private string? _unexpected;

    /// <summary>Whether the caller was resumed on the pool and has its turn.</summary>
    public bool IsGuest => _guest is { } flow && flow.Barrier == this;

    /// <summary>What is started from here on is told apart from what was started before.</summary>
    public void BeginFlow() => Current.Value = new Flow(this, _flows++);

    /// <summary>What is started after it is not the simulation's.</summary>
    public static void EndFlow() => Current.Value = null;

    /// <summary>So many continuations are on their way to the pool.</summary>
    public void Expect(int count)
    {
        lock (_gate)
        {
            _expected += count;
        }
    }

    /// <summary>Lets what is on the pool run to its next wait.</summary>
    /// <returns>The stack of what was there although nobody expected it; null when there was nothing of the kind.</returns>
    public string? Drain()
    {
        lock (_gate)
        {
            while (_expected > 0 || _waiting.Count > 0)
            {
                if (_expected == 0)
                {
                    return Explain();
                }

                for (var looks = 0; _waiting.Count < _expected && looks < Looks; looks++)
                {
                    Monitor.Wait(_gate, Pause);
                }

                // What has not come by now never will.
                _expected = 0;
                foreach (var flow in _waiting.OrderBy(flow => flow.Order).ToArray())
                {
                    _waiting.Remove(flow);
                    _running = flow;
                    Monitor.PulseAll(_gate);
                    while (_running is not null)
                    {
                        Monitor.Wait(_gate);
                    }
                }
            }

            return null;
        }
    }

    private string Explain()
    {
        _unexpected = "";
        Monitor.PulseAll(_gate);
        for (var looks = 0; _unexpected.Length == 0 && looks < Looks; looks++)
        {
            Monitor.Wait(_gate, Pause);
        }

        return _unexpected;
    }

    private static void Changed(AsyncLocalValueChangedArgs<Flow?> change)
    {
        if (!change.ThreadContextChanged)
        {
            return;
        }

        // Not the finalizer's thread: what it resumes, a collected timer's loop, belongs to a process that is dead.
        if (_guest is null
            && change.CurrentValue is { } entered
            && Thread.CurrentThread.IsThreadPoolThread
            && entered.Barrier._thread != Environment.CurrentManagedThreadId)
        {
            _guest = new Flow(entered.Barrier, entered.Order);
            entered.Barrier.Arrive(_guest);
        }
        else if (_guest is { } left && change.CurrentValue is null)
        {
            _guest = null;
            left.Barrier.Leave();
        }
    }

    private void Arrive(Flow flow)
    {
        lock (_gate)
        {
            _waiting.Add(flow);
            Monitor.PulseAll(_gate);
            while (_running != flow)
            {
                Monitor.Wait(_gate);
                if (_unexpected is "")
                {
                    _unexpected = Environment.StackTrace;
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _running = null;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What an event has started. A class, not a record: two that are alike are still two.</summary>
    private sealed class Flow(PoolBarrier barrier, long order)
    {
        public PoolBarrier Barrier => barrier;

        public long Order => order;
    }
}
