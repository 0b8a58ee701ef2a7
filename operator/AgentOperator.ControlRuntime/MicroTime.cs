namespace AgentOperator.ControlRuntime;

/// <summary>Times for the API's MicroTime fields.</summary>
internal static class MicroTime
{
    /// <summary>
    /// The time in whole microseconds and never in whole seconds: the client writes those without a fraction, and the server takes a MicroTime
    /// only with one.
    /// </summary>
    public static DateTime Of(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond);
        return new DateTime(ticks % TimeSpan.TicksPerSecond == 0 ? ticks + TimeSpan.TicksPerMicrosecond : ticks, DateTimeKind.Utc);
    }
}
