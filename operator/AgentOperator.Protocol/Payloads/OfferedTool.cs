namespace AgentOperator.Protocol;

/// <summary>A tool as every request of a run offers it to the model.</summary>
public sealed record OfferedTool
{
    /// <summary>The name that the model calls it by.</summary>
    public required string Name { get; init; }

    /// <summary>What the model is told that it does.</summary>
    public required string Description { get; init; }

    /// <summary>The JSON schema of its arguments, as the exact text that is sent.</summary>
    public required string InputSchema { get; init; }

    /// <summary>The side effects of running it.</summary>
    public required ToolEffect Effect { get; init; }

    /// <summary>The name of its MCP server in the spec; absent for a built-in tool.</summary>
    public string? Server { get; init; }

    /// <summary>Its name at the MCP server; absent for a built-in tool.</summary>
    public string? ServerTool { get; init; }
}
