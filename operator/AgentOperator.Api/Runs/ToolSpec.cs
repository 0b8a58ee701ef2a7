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

    /// <summary>Name of the built-in tool that reads and writes files in the run's workspace.</summary>
    public const string Files = "files";

    /// <summary>shell (runs commands in the workspace), files (reads and writes the workspace), or a name of your choice for an MCP server.</summary>
    [MaxLength(32), RegularExpression(Patterns.Label)]
    public required string Name { get; init; }

    /// <summary>The MCP server. Required unless the tool is shell or files.</summary>
    public McpSpec? Mcp { get; init; }

    /// <summary>Names of the MCP server's tools that the agent may use. Default: all.</summary>
    [MaxLength(128), Items(128, Pattern = Patterns.NoSpace)]
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>
    /// The side effects of a call, which decide what happens to a call that was in progress when its pod was lost. Pure (changes nothing
    /// outside the workspace): runs again. Keyed (accepts an idempotency key): runs again with the same key. Irreversible: never runs
    /// twice; the model is told that the outcome is unknown. Default: Irreversible.
    /// </summary>
    public ToolEffect Effect { get; init; } = ToolEffect.Irreversible;
}
