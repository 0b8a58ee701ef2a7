namespace AgentOperator.ControlRuntime;

/// <summary>A watch stream held something other than events. An event may have been lost, so only a new list helps.</summary>
internal sealed class WatchBrokenException(string message, Exception? inner = null) : Exception(message, inner);
