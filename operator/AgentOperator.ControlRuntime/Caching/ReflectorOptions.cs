namespace AgentOperator.ControlRuntime;

/// <summary>The times of a reflector.</summary>
internal sealed record ReflectorOptions(int PageSize, TimeSpan WatchTimeout, TimeSpan IdleTimeout, TimeSpan MaxBackoff)
{
    /// <summary>The pause after the first failure.</summary>
    public static TimeSpan BaseBackoff { get; } = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// A watch that ends sooner than this without an event counts as a failure, or a server that closes every watch would be asked without a
    /// pause.
    /// </summary>
    public static TimeSpan ShortWatch { get; } = TimeSpan.FromSeconds(1);
}
