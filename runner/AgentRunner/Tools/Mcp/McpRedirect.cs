using System.Globalization;
using System.Net;
using AgentOperator.Protocol;

namespace AgentRunner.Tools.Mcp;

/// <summary>A server's answer that what was asked for is elsewhere.</summary>
internal static class McpRedirect
{
    /// <summary>Whether an answer is one.</summary>
    public static bool IsOne(HttpResponseMessage response) => response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    /// <summary>Where to send the same request instead.</summary>
    /// <exception cref="McpNotSpokenException">To another server, nowhere, or as a GET: a message would be lost.</exception>
    public static Uri Follow(HttpRequestMessage request, HttpResponseMessage response)
    {
        var (asked, status) = (request.RequestUri!, ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        var location = response.Headers.NonValidated.TryGetValues("Location", out var values) ? values.First() : "";
        if (HttpUrl.Resolve(asked, location) is not { } target)
        {
            throw new McpNotSpokenException($"redirects ({status}) to an address that cannot be used");
        }

        if (HttpUrl.OriginOf(target) != HttpUrl.OriginOf(asked))
        {
            throw new McpNotSpokenException(
                $"redirects ({status}) to {HttpUrl.OriginOf(target)}, and redirects to other servers are not followed. If MCP is served there, "
                + "create a new run with that URL");
        }

        var keepsTheRequest = response.StatusCode is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect
            || request.Method == HttpMethod.Get;
        return keepsTheRequest
            ? target
            : throw new McpNotSpokenException($"redirects ({status}) to another page, which may be a login page or the right URL");
    }
}
