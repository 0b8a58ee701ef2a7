namespace AgentOperator.ControlRuntime;

/// <summary>The server did not mark the end of the current objects in time. It may not know streaming lists.</summary>
internal sealed class StreamIgnoredException(string message, Exception? inner = null) : Exception(message, inner);
