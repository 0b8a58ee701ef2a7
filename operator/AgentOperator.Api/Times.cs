namespace AgentOperator.Api;

/// <summary>Times in a status have whole seconds, as everywhere in Kubernetes.</summary>
public static class Times
{
    /// <summary>The start of the second that a time is in, in UTC.</summary>
    public static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)).ToUniversalTime();

    /// <summary>The first whole second that is not before a time.</summary>
    public static DateTimeOffset RoundUp(DateTimeOffset time) => Whole(time.AddTicks(TimeSpan.TicksPerSecond - 1));

    /// <summary>A time of the Kubernetes API, which is in UTC whatever its kind says.</summary>
    public static DateTimeOffset? Of(DateTime? time) =>
        time is not { } known ? null : known.Kind == DateTimeKind.Local ? new DateTimeOffset(known).ToUniversalTime() : new DateTimeOffset(known.Ticks, TimeSpan.Zero);

    /// <summary>The earlier of two times; null when there is neither.</summary>
    public static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one is null ? other : other is null || one <= other ? one : other;
}
