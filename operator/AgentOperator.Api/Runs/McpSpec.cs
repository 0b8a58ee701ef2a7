using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>An MCP (Model Context Protocol) server.</summary>
public sealed record McpSpec
{
    /// <summary>Its URL (streamable HTTP), http or https.</summary>
    [MaxLength(2048), RegularExpression(Patterns.HttpUrlWithQuery)]
    public required string Url { get; init; }
}
