using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// The API server's clock: the machine's, set right by the dates of the server's answers. Replicas on machines whose clocks differ so judge
/// deadlines and pauses alike. Durations and timers are the machine's.
/// </summary>
/// <param name="machine">The machine's clock.</param>
/// <param name="logger">Told when the machine's clock is wrong.</param>
public sealed partial class ServerClock(TimeProvider machine, ILogger<ServerClock> logger) : TimeProvider
{
    /// <summary>A date in an answer has whole seconds.</summary>
    private static readonly TimeSpan DateResolution = TimeSpan.FromSeconds(1);

    private long _offset;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    /// <inheritdoc />
    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>By how much the API server's clock is ahead of the machine's.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Interlocked.Read(ref _offset));

    /// <summary>Takes note of an answer's date. An offset that it does not contradict is kept, so clocks that agree are never moved.</summary>
    /// <param name="date">When the server wrote the answer, by its own clock.</param>
    /// <param name="asked">When it was asked, by the machine's clock.</param>
    /// <param name="answered">When the answer was there, by the machine's clock.</param>
    public void Observe(DateTimeOffset date, DateTimeOffset asked, DateTimeOffset answered)
    {
        var (least, most) = (date - answered, date + DateResolution - asked);
        var offset = Offset;
        if (answered < asked || (offset >= least && offset <= most))
        {
            return;
        }

        var corrected = least + ((most - least) / 2);
        Interlocked.Exchange(ref _offset, corrected.Ticks);
        LogCorrected(logger, Math.Round(-corrected.TotalSeconds, 1));
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => machine.GetUtcNow() + Offset;

    /// <inheritdoc />
    public override long GetTimestamp() => machine.GetTimestamp();

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    [LoggerMessage(Level = LogLevel.Warning, Message = "This machine's clock is {Seconds} s ahead of the API server's; the server's is used")]
    private static partial void LogCorrected(ILogger logger, double seconds);
}
