namespace AgentOperator.Chaos.Engine;

/// <summary>A timer on the virtual clock, owned by a process.</summary>
internal sealed class VirtualTimer(Simulator simulator, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan _interval = Timeout.InfiniteTimeSpan;
    private int _generation;
    private bool _armed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _generation++;
        _interval = period;
        _armed = false;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Schedule(dueTime, _generation);
        }

        return true;
    }

    public void Dispose()
    {
        if (_armed && state is Task)
        {
            // A delay that is given up before its time.
            simulator.ExpectOnPool();
        }

        _generation++;
        _armed = false;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Schedule(TimeSpan delay, int current)
    {
        _armed = true;
        simulator.After(delay, process, null, () =>
        {
            if (current != _generation)
            {
                return;
            }

            _armed = false;
            if (_interval > TimeSpan.Zero)
            {
                Schedule(_interval, current);
            }

            callback(state);
        });
    }
}
