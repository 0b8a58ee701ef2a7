namespace AgentOperator.Journal;

/// <summary>Another writer was first: read again and decide again.</summary>
internal sealed class SegmentConflictException(string message, Exception? inner = null) : Exception(message, inner);
