namespace AgentOperator.Protocol;

/// <summary>A tool that the agent may use.</summary>
public sealed record ToolDefinition
{
    /// <summary><c>shell</c>, <c>files</c>, or the name of an MCP server.</summary>
    public required string Name { get; init; }

    /// <summary>What running it does to the world.</summary>
    public required ToolEffect Effect { get; init; }

    /// <summary>For an MCP server: its URL (streamable HTTP).</summary>
    public string? McpUrl { get; init; }

    /// <summary>For an MCP server: the tools of it that may be used; empty means all.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}
