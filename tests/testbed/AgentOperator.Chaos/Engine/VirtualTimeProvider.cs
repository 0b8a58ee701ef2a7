namespace AgentOperator.Chaos.Engine;

/// <summary>A process's clock: the simulator's time, set wrong by the process's skew. Durations are right in all of them.</summary>
internal sealed class VirtualTimeProvider(Simulator simulator, SimulatedProcess process, TimeSpan skew) : TimeProvider
{
    /// <summary>The date at which every simulation starts.</summary>
    public static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Epoch + simulator.Now + skew;

    public override long GetTimestamp() => simulator.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(simulator, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
