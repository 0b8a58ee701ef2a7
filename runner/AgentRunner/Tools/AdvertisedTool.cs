using AgentOperator.Protocol;
using AgentTools;

namespace AgentRunner.Tools;

/// <summary>A tool of a run.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Effect">What the spec says that running it does to the world.</param>
/// <param name="Server">The name of its MCP server in the spec; null for a built-in tool.</param>
internal sealed record AdvertisedTool(ITool Tool, ToolEffect Effect, string? Server = null);
