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
    private static Flow? guest;

    private readonly object gate = new();
    private readonly List<Flow> waiting = [];
    private readonly int thread = Environment.CurrentManagedThreadId;
    private long flows;
    private int expected;
    private Flow? running;

    /// <summary>Whether the caller was resumed on the pool and has its turn.</summary>
    public bool IsGuest => guest is { } flow && flow.Barrier == this;

    /// <summary>What is started from here on is told apart from what was started before.</summary>
    public void BeginFlow() => Current.Value = new Flow(this, flows++);

    /// <summary>What is started after it is not the simulation's.</summary>
    public static void EndFlow() => Current.Value = null;

    /// <summary>A continuation is on its way to the pool.</summary>
    public void Expect()
    {
        lock (gate)
        {
            expected++;
        }
    }

    /// <summary>Lets what is on the pool run to its next wait.</summary>
    /// <returns>False when something was there that nobody expected.</returns>
    public bool Drain()
    {
        lock (gate)
        {
            while (expected > 0 || waiting.Count > 0)
            {
                if (expected == 0)
                {
                    return false;
                }

                for (var looks = 0; waiting.Count < expected && looks < Looks; looks++)
                {
                    Monitor.Wait(gate, Pause);
                }

                // What has not come by now never will.
                expected = 0;
                foreach (var flow in waiting.OrderBy(flow => flow.Order).ToArray())
                {
                    waiting.Remove(flow);
                    running = flow;
                    Monitor.PulseAll(gate);
                    while (running is not null)
                    {
                        Monitor.Wait(gate);
                    }
                }
            }

            return true;
        }
    }

    private static void Changed(AsyncLocalValueChangedArgs<Flow?> change)
    {
        if (!change.ThreadContextChanged)
        {
            return;
        }

        // Not the finalizer's thread: what it resumes, a collected timer's loop, belongs to a process that is dead.
        if (guest is null
            && change.CurrentValue is { } entered
            && Thread.CurrentThread.IsThreadPoolThread
            && entered.Barrier.thread != Environment.CurrentManagedThreadId)
        {
            guest = new Flow(entered.Barrier, entered.Order);
            entered.Barrier.Arrive(guest);
        }
        else if (guest is { } left && change.CurrentValue is null)
        {
            guest = null;
            left.Barrier.Leave();
        }
    }

    private void Arrive(Flow flow)
    {
        lock (gate)
        {
            waiting.Add(flow);
            Monitor.PulseAll(gate);
            while (running != flow)
            {
                Monitor.Wait(gate);
            }
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            running = null;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>What an event has started. A class, not a record: two that are alike are still two.</summary>
    private sealed class Flow(PoolBarrier barrier, long order)
    {
        public PoolBarrier Barrier => barrier;

        public long Order => order;
    }
}
