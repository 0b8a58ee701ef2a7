using AgentOperator.Chaos.Faults;

namespace AgentOperator.Chaos.Engine;

/// <summary>
/// Runs a world on one thread and a virtual clock. Everything that takes time is an event; exactly one is released at a time, and what it
/// resumes runs to its next wait before the next event is taken. Continuations run inline: there is no synchronization context, and no
/// completion source of the simulator asks for another thread. A wait that is entered on another thread, unless the runtime forces it there,
/// fails the simulation.
/// </summary>
internal sealed class Simulator
{
    private readonly PriorityQueue<SimulatedEvent, (long At, long Order)> _events = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly PoolBarrier _pool = new();
    private long _order;
    private Exception? _escaped;

    public Simulator(ulong seed, TextWriter? traceLines)
    {
        Random = new SimulationRandom(seed);
        Trace = new Trace(traceLines);
    }

    public SimulationRandom Random { get; }

    public Trace Trace { get; }

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Schedules an event.</summary>
    /// <param name="delay">When, from now.</param>
    /// <param name="owner">
    /// The process that it happens in: it does not happen when that is dead, and waits while that is frozen. Null for the world.
    /// </param>
    /// <param name="label">For the trace; null for what is seen in its consequences.</param>
    /// <param name="action">What happens.</param>
    public void After(TimeSpan delay, SimulatedProcess? owner, string? label, Action action)
    {
        CheckThread();
        var at = Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero);
        _events.Enqueue(new SimulatedEvent(owner, label, action), (at.Ticks, _order++));
    }

    public void Note(string line)
    {
        CheckThread();
        Trace.Add(Now, line);
    }

    /// <summary>Releases events until a condition holds.</summary>
    /// <returns>False when the time, the number of events or the events themselves ran out first.</returns>
    public bool RunUntil(Func<bool> done, TimeSpan latest, long maxEvents)
    {
        while (!done())
        {
            if (!_events.TryPeek(out _, out var next) || next.At > latest.Ticks || --maxEvents < 0)
            {
                return false;
            }

            var happening = _events.Dequeue();
            Now = TimeSpan.FromTicks(Math.Max(next.At, Now.Ticks));
            if (happening.Owner is not { } owner)
            {
                Happen(happening);
            }
            else if (!owner.IsDead && (owner.FrozenUntil > Now || owner.Held.Count > 0))
            {
                Hold(owner, happening);
            }
            else if (!owner.IsDead)
            {
                Happen(happening);
            }

            if (_pool.Drain() is { } unexpected)
            {
                _escaped ??= new SimulationException($"something was resumed on the thread pool that the simulator knows nothing of: {unexpected}");
            }

            if (_escaped is not null)
            {
                throw new SimulationException("the simulation is broken", _escaped);
            }
        }

        return true;
    }

    /// <summary>What would have happened to a frozen process happens when it goes on, in the same order.</summary>
    private void Hold(SimulatedProcess owner, SimulatedEvent happening)
    {
        owner.Held.Enqueue(happening);
        if (owner.Held.Count == 1)
        {
            After(Thaw(owner), null, null, () => Release(owner));
        }
    }

    private void Release(SimulatedProcess owner)
    {
        if (owner.IsDead)
        {
            owner.Held.Clear();
            return;
        }

        if (owner.FrozenUntil > Now)
        {
            After(Thaw(owner), null, null, () => Release(owner));
            return;
        }

        var happening = owner.Held.Dequeue();
        if (owner.Held.Count > 0)
        {
            After(TimeSpan.Zero, null, null, () => Release(owner));
        }

        Happen(happening);
    }

    private TimeSpan Thaw(SimulatedProcess owner) => owner.FrozenUntil is { } thaw ? thaw - Now : TimeSpan.Zero;

    private void Happen(SimulatedEvent happening)
    {
        if (happening.Label is not null)
        {
            Trace.Add(Now, happening.Label);
        }

        _pool.BeginFlow();
        try
        {
            happening.Action();
        }
        finally
        {
            PoolBarrier.EndFlow();
        }
    }

    /// <summary>Fails the simulation when the caller has left its thread: it would no longer be deterministic.</summary>
    public void CheckThread()
    {
        if (Environment.CurrentManagedThreadId != _thread && !_pool.IsGuest)
        {
            _escaped ??= new SimulationException("code left the simulator's thread: " + Environment.StackTrace);
            throw _escaped;
        }
    }

    /// <summary>The runtime is about to resume so many things on the thread pool.</summary>
    public void ExpectOnPool(int count = 1) => _pool.Expect(count);

    /// <summary>Watches a task that nobody awaits: a failure that reaches it is a defect.</summary>
    public void Watch(Task task, string what)
    {
        if (task.IsCompleted)
        {
            Observe(task, what);
        }
        else
        {
            task.ContinueWith(
                ended => Observe(ended, what), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Observe(Task task, string what)
    {
        if (task.IsFaulted)
        {
            _escaped ??= new SimulationException($"{what} failed", task.Exception!.InnerException);
        }
    }

    /// <summary>A call of one process to something outside it, answered after a while or never.</summary>
    /// <param name="process">The caller.</param>
    /// <param name="label">For the trace.</param>
    /// <param name="way">How long it takes and what may go wrong.</param>
    /// <param name="effect">What happens at the other side; what it throws is the answer.</param>
    /// <param name="lost">The exception for a call that got no answer.</param>
    /// <param name="cancellationToken">The caller gives up; the call may have taken effect all the same.</param>
    public Task<T> CallAsync<T>(
        SimulatedProcess process, string label, CallFate way, Func<T> effect, Func<Exception> lost, CancellationToken cancellationToken)
    {
        CheckThread();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        // No RunContinuationsAsynchronously: the caller goes on inside the event that answers it.
        var answer = new TaskCompletionSource<T>();
        var who = process.Name;
        if (cancellationToken.CanBeCanceled)
        {
            var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
            answer.Task.ContinueWith(
                _ => registration.Unregister(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void Answer(Action<TaskCompletionSource<T>> complete) => After(way.Reply, process, null, () => complete(answer));

        After(way.Request, null, null, () =>
        {
            if (process.IsDead && way.DiesWithCaller)
            {
                return;
            }

            if (way.Kind is FateKind.KillBefore)
            {
                Note($"{who}: {label}: killed before it");
                process.Kill("killed at a call");
                return;
            }

            if (way.Kind is FateKind.RequestLost)
            {
                Note($"{who}: {label}: request lost");
                Answer(completion => completion.TrySetException(lost()));
                return;
            }

            Action<TaskCompletionSource<T>> complete;
            try
            {
                var result = effect();
                complete = completion => completion.TrySetResult(result);
                Note($"{who}: {label}");
            }
            catch (Exception exception) when (exception is not SimulationException)
            {
                complete = completion => completion.TrySetException(exception);
                Note($"{who}: {label}: {exception.GetType().Name}");
            }

            switch (way.Kind)
            {
                case FateKind.KillAfter:
                    Note($"{who}: {label}: killed after it");
                    process.Kill("killed at a call");
                    break;
                case FateKind.ReplyLost:
                    Note($"{who}: {label}: reply lost");
                    Answer(completion => completion.TrySetException(lost()));
                    break;
                case FateKind.Doubled:
                    After(way.Reply / 2, null, null, () => Repeat(who, label, effect));
                    Answer(complete);
                    break;
                default:
                    Answer(complete);
                    break;
            }
        });
        return answer.Task;
    }

    private void Repeat<T>(string who, string label, Func<T> effect)
    {
        try
        {
            effect();
            Note($"{who}: {label}: arrived twice");
        }
        catch (Exception exception) when (exception is not SimulationException)
        {
            // The caller never sees the answer to the second arrival.
            Note($"{who}: {label}: arrived twice: {exception.GetType().Name}");
        }
    }
}
