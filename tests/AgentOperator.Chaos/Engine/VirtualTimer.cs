namespace AgentOperator.Chaos.Engine;

/// <summary>A timer on the virtual clock, owned by a process.</summary>
internal sealed class VirtualTimer(Simulator simulator, SimulatedProcess process, TimerCallback callback, object? state) : ITimer
{
    private TimeSpan interval = Timeout.InfiniteTimeSpan;
    private int generation;
    private bool armed;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        generation++;
        interval = period;
        armed = false;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Schedule(dueTime, generation);
        }

        return true;
    }

    public void Dispose()
    {
        if (armed && state is Task)
        {
            // A delay that is given up before its time.
            simulator.ExpectOnPool();
        }

        generation++;
        armed = false;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Schedule(TimeSpan delay, int current)
    {
        armed = true;
        simulator.After(delay, process, null, () =>
        {
            if (current != generation)
            {
                return;
            }

            armed = false;
            if (interval > TimeSpan.Zero)
            {
                Schedule(interval, current);
            }

            callback(state);
        });
    }
}
