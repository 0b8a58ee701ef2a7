namespace AgentOperator.Journal;

/// <summary>Another writer won the race. Read the segment again and retry.</summary>
internal sealed class SegmentConflictException(string message, Exception? inner = null) : Exception(message, inner);
