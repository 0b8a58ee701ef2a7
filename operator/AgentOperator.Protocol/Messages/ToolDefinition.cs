namespace AgentOperator.Protocol;

/// <summary>A tool that the agent may use.</summary>
public sealed record ToolDefinition
{
    /// <summary><c>shell</c>, <c>files</c>, or the name of an MCP server.</summary>
    public required string Name { get; init; }

    /// <summary>The side effects of running it.</summary>
    public required ToolEffect Effect { get; init; }

    /// <summary>For an MCP server: its URL (streamable HTTP).</summary>
    public string? McpUrl { get; init; }

    /// <summary>For an MCP server over HTTPS: PEM certificates of authorities that are trusted besides the system's; null for none.</summary>
    public string? McpCaBundle { get; init; }

    /// <summary>For an MCP server: the names of its tools that may be used; empty means all.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];
}
