using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;
using AgentOperator.Protocol;

namespace AgentOperator.Api;

/// <summary>A tool that the agent may use: shell, files, or the tools of an MCP server.</summary>
[ValidationRule("self.name in ['shell', 'files'] ? !has(self.mcp) : has(self.mcp)",
    "mcp must be given for an MCP server and cannot be given for the built-in tools shell and files", FieldPath = ".mcp")]
[ValidationRule("has(self.mcp) || !has(self.allow) || size(self.allow) == 0", "allow can only be given with mcp", FieldPath = ".allow")]
public sealed record ToolSpec
{
    /// <summary>Name of the built-in tool that runs shell commands in the run's workspace.</summary>
    public const string Shell = "shell";

    /// <summary>Name of the built-in tool that reads and writes files of the run's workspace.</summary>
    public const string Files = "files";

    /// <summary>shell (runs commands in the workspace), files (reads and writes the workspace), or a name of your choice for an MCP server.</summary>
    [MaxLength(32), RegularExpression(Patterns.Label)]
    public required string Name { get; init; }

    /// <summary>The MCP server, for a tool that is neither shell nor files.</summary>
    public McpSpec? Mcp { get; init; }

    /// <summary>The tools of the MCP server that may be used. Default: all of them.</summary>
    [MaxLength(128), Items(128, Pattern = Patterns.NoSpace)]
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>
    /// What a call does to the world, and so what happens to a call that was under way when its pod was lost: Pure (changes nothing
    /// outside the workspace) is run again; Keyed (takes an idempotency key) is run again with the same key; Irreversible is never run
    /// twice, the model is told that its effect is unknown. Default: Irreversible.
    /// </summary>
    public ToolEffect Effect { get; init; } = ToolEffect.Irreversible;
}
