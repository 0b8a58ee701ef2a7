using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>A provider's answer as it came.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers, each with its first value.</param>
/// <param name="Body">The body; repaired if it was no valid Unicode.</param>
internal sealed record ProviderResponse(int Status, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Whether the body begins like JSON. An empty body and one that was cut short count as JSON: the connection is to blame.</summary>
    public bool LooksLikeJson =>
        Body.Span.TrimStart("\uFEFF"u8).TrimStart(" \t\r\n"u8) is var text && (text.IsEmpty || text[0] is (byte)'{' or (byte)'[');

    /// <summary>Reads the status, the headers and the whole body.</summary>
    /// <param name="response">The response, of which only the headers were read.</param>
    /// <param name="maxBytes">The largest body that is taken.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="HttpRequestException">The body is larger, or broke off.</exception>
    public static async Task<ProviderResponse> ReadAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(maxBytes, cancellationToken);
        var body = JsonText.Repair(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            headers.TryAdd(name, values.First());
        }

        return new ProviderResponse((int)response.StatusCode, headers, body);
    }
}
