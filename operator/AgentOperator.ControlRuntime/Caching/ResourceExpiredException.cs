namespace AgentOperator.ControlRuntime;

/// <summary>410 Gone: the server no longer knows the history from that resource version on, so only a new list helps.</summary>
internal sealed class ResourceExpiredException(string message, Exception? inner = null) : Exception(message, inner);
