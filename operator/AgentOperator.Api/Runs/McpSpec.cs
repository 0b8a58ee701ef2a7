using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>An MCP (Model Context Protocol) server.</summary>
public sealed record McpSpec
{
    /// <summary>The server's URL (streamable HTTP, or the older HTTP with SSE), http or https.</summary>
    [MaxLength(2048), Format(Patterns.HttpUrlWithQuery, "must be an http or https URL")]
    public required string Url { get; init; }
}
