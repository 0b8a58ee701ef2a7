namespace AgentOperator.Journal;

/// <summary>The store refused the segment, and would refuse it again.</summary>
internal sealed class SegmentRefusedException(string message, Exception? inner = null) : Exception(message, inner);
