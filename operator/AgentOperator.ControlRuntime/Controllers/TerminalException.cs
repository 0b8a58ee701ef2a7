namespace AgentOperator.ControlRuntime;

/// <summary>A failure that a retry cannot mend. The key is not queued again; only a change of an object brings it back.</summary>
/// <param name="message">What is wrong, for the log.</param>
/// <param name="inner">The cause, if there is one.</param>
public sealed class TerminalException(string message, Exception? inner = null) : Exception(message, inner);
