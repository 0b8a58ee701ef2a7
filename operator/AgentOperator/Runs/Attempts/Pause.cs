namespace AgentOperator.Runs.Attempts;

/// <summary>When the next attempt needs a backoff.</summary>
internal enum Pause
{
    /// <summary>Never: the next attempt starts at once.</summary>
    None,

    /// <summary>From the second consecutive disruption without progress.</summary>
    AfterSecondInARow,

    /// <summary>Unless the attempt made progress.</summary>
    WithoutProgress,

    /// <summary>Always. Progress resets it to the shortest backoff.</summary>
    Always,

    /// <summary>
    /// Until the ModelEndpoint is available, or may be tried. If its status does not show that it is not, a backoff that grows with each such end in
    /// a row.
    /// </summary>
    UntilAvailable,

    /// <summary>
    /// Always, 15 s at least, longer with each such end in a row. A changed spec ends it: someone may have mended the cause.
    /// </summary>
    UntilMended,
}
