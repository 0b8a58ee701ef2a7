using ModelContextProtocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>What answers is no MCP server, or not the one that was asked.</summary>
/// <param name="message">What it does instead. Follows the server's name in a sentence.</param>
internal sealed class McpNotSpokenException(string message) : McpException(message);
