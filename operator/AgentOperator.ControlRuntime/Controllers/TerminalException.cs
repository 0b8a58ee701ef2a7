namespace AgentOperator.ControlRuntime;

/// <summary>
/// A failure that a retry cannot mend. Only a change of an object brings the key back, or <see cref="RetryAfter"/> when the cause may be mended
/// elsewhere, such as in a webhook or a CRD.
/// </summary>
/// <param name="message">What is wrong, for the log.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class TerminalException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>When to look again even if no object changes. Default: null, never.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
