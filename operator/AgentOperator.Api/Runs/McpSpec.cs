using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>An MCP (Model Context Protocol) server.</summary>
[ValidationRule("!has(self.caBundle) || self.url.startsWith('https://')", "can only be given with an https URL", FieldPath = ".caBundle")]
[ValidationRule("!has(self.caBundle) || self.caBundle.contains('-----BEGIN CERTIFICATE-----')", "must hold a certificate in PEM format",
    FieldPath = ".caBundle")]
public sealed record McpSpec
{
    /// <summary>The server's URL (streamable HTTP, or the older HTTP with SSE), http or https.</summary>
    [MaxLength(2048), HttpUrl]
    public required string Url { get; init; }

    /// <summary>
    /// PEM certificates of the authorities that sign the server's certificate. They are trusted for this server, in addition to the root
    /// certificates of the runner's image. Default: none.
    /// </summary>
    [MaxLength(32768)]
    public string? CaBundle { get; init; }
}
