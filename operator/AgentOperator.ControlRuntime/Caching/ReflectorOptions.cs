namespace AgentOperator.ControlRuntime;

/// <summary>The times of a reflector.</summary>
internal sealed record ReflectorOptions(int PageSize, TimeSpan WatchTimeout, TimeSpan IdleTimeout, TimeSpan MaxBackoff)
{
    /// <summary>True to read the current objects as a stream from servers that can do so.</summary>
    public bool StreamLists { get; init; }

    /// <summary>How long a server may take to stream all current objects. One that takes longer is asked for lists.</summary>
    public static TimeSpan StreamDeadline { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause after the first failure.</summary>
    public static TimeSpan BaseBackoff { get; } = TimeSpan.FromMilliseconds(800);

    /// <summary>
    /// A watch that ends sooner than this without an event counts as a failure, or a server that closes every watch would be asked without a
    /// pause.
    /// </summary>
    public static TimeSpan ShortWatch { get; } = TimeSpan.FromSeconds(1);
}
