namespace AgentOperator.Journal;

/// <summary>The store did not answer, or not usefully: whether a write took effect is not known.</summary>
internal sealed class SegmentUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
