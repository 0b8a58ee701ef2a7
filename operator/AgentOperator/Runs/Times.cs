namespace AgentOperator.Runs;

/// <summary>Times in a status have whole seconds, as everywhere in Kubernetes.</summary>
internal static class Times
{
    public static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)).ToUniversalTime();

    public static DateTimeOffset RoundUp(DateTimeOffset time) => Whole(time.AddTicks(TimeSpan.TicksPerSecond - 1));

    /// <summary>A time of the Kubernetes API, which is in UTC whatever its kind says.</summary>
    public static DateTimeOffset? Of(DateTime? time) =>
        time is not { } known ? null : known.Kind == DateTimeKind.Local ? new DateTimeOffset(known).ToUniversalTime() : new DateTimeOffset(known.Ticks, TimeSpan.Zero);

    public static DateTimeOffset? Earliest(DateTimeOffset? one, DateTimeOffset? other) => one is null ? other : other is null || one <= other ? one : other;
}
