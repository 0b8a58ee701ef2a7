using System.Globalization;
using System.Net;

namespace AgentRunner.Tools.Mcp;

/// <summary>Tells what a person has to mend at a server from what passes.</summary>
internal static class McpRefusal
{
    /// <summary>Describes a failure that does not pass by itself.</summary>
    /// <param name="server">The server's name in the spec.</param>
    /// <param name="failure">Why its tools could not be listed.</param>
    /// <returns>A sentence that says what to do; null for a failure that may pass, such as a 503 or a refused connection.</returns>
    public static string? Describe(string server, Exception failure) => failure switch
    {
        McpNotSpokenException or { InnerException: McpNotSpokenException } =>
            $"The MCP server '{server}' {(failure as McpNotSpokenException ?? failure.InnerException!).Message}.",
        McpAnswerTooLargeException tooLarge => string.Create(
            CultureInfo.InvariantCulture, $"The MCP server '{server}' lists more than {tooLarge.MaxBytes:N0} bytes of tools. It must list less."),
        HttpRequestException { StatusCode: { } status } when !Passes(status) => Describe(server, status),
        _ => null,
    };

    private static bool Passes(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Locked or (HttpStatusCode)425
        || (int)status >= 500;

    private static string Describe(string server, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
            $"The MCP server '{server}' refuses access ({(int)status}). The agent sends it no credentials: it must accept requests from the "
            + "run's pods without them.",
        HttpStatusCode.NotFound =>
            $"The MCP server '{server}' has nothing at its URL (404). Serve MCP there, or create a new run with the right URL.",
        _ => $"The MCP server '{server}' does not take MCP requests at its URL ({(int)status}), neither as streamable HTTP nor as HTTP with SSE. "
            + "Serve MCP there, or create a new run with the right URL.",
    };
}
