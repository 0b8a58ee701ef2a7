namespace AgentOperator.Api;

/// <summary>Conversions of times. A status has whole seconds, as is usual in Kubernetes.</summary>
public static class Times
{
    /// <summary>Rounds down to a whole second, in UTC.</summary>
    public static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)).ToUniversalTime();

    /// <summary>Rounds up to a whole second, in UTC.</summary>
    public static DateTimeOffset RoundUp(DateTimeOffset time) => Whole(time.AddTicks(TimeSpan.TicksPerSecond - 1));

    /// <summary>Converts a time from the Kubernetes client. Such times are UTC unless marked as local.</summary>
    public static DateTimeOffset? Of(DateTime? time) =>
        time is not { } known
            ? null
            : known.Kind == DateTimeKind.Local ? new DateTimeOffset(known).ToUniversalTime() : new DateTimeOffset(known.Ticks, TimeSpan.Zero);

    /// <summary>The earlier of two times; null if both are null.</summary>
    public static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null ? other : other is null || one <= other ? one : other;
}
