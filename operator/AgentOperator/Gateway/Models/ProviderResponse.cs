using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>A provider's answer as it came.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers, each with its first value.</param>
/// <param name="Body">The body; repaired if it was no valid Unicode.</param>
internal sealed record ProviderResponse(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the provider had begun to answer before it came to this.</summary>
    public bool HasBegun { get; init; }

    /// <summary>Where a redirect leads: scheme, host and port only, since a path or a query may hold a token. Null for any other answer.</summary>
    public string? RedirectsTo { get; init; }

    /// <summary>Whether the body begins like JSON. An empty body and one that was cut short count as JSON: the connection is to blame.</summary>
    public bool LooksLikeJson => FirstByte(Body.Span) is null or (byte)'{' or (byte)'[';

    /// <summary>The first byte that is no space; null if there is none.</summary>
    public static byte? FirstByte(ReadOnlySpan<byte> body) =>
        body.TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8) is { IsEmpty: false } text ? text[0] : null;

    /// <summary>Reads the status, the headers and the whole body.</summary>
    /// <param name="response">The response, of which only the headers were read.</param>
    /// <param name="maxBytes">The largest body that is taken.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">The body is larger, or broke off.</exception>
    public static async Task<ProviderResponse> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken);
        return Of(response, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>The answer with this body.</summary>
    public static ProviderResponse Of(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            headers.TryAdd(name, values.First());
        }

        return new ProviderResponse((int)response.StatusCode, headers, JsonText.Repair(body)) { RedirectsTo = RedirectOf(response, headers) };
    }

    private static string? RedirectOf(HttpResponseMessage response, Dictionary<string, string> headers)
    {
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
        {
            return null;
        }

        var asked = response.RequestMessage?.RequestUri;
        return asked is null || headers.GetValueOrDefault("Location") is not { } location || HttpUrl.Resolve(asked, location) is not { } target
            ? "an address that cannot be used"
            : HttpUrl.OriginOf(target) == HttpUrl.OriginOf(asked) ? "another path of the same server" : HttpUrl.OriginOf(target);
    }
}
