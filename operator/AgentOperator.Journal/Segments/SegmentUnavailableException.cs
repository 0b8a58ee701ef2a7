namespace AgentOperator.Journal;

/// <summary>The store did not answer, or answered with an error. It is unknown whether a write took effect.</summary>
internal sealed class SegmentUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
