using ModelContextProtocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A server refused a request because it does not know the session. It did nothing.</summary>
internal sealed class McpSessionLostException(Exception inner) : McpException("the server does not know the session", inner);
