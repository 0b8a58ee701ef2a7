using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace AgentOperator.Chaos.Agents;

/// <summary>What the provider answers.</summary>
/// <param name="Status">The status; 0 when the connection breaks before there is one.</param>
/// <param name="Body">The body as it is on the wire.</param>
/// <param name="Header">A header that says when to come again; null for none.</param>
/// <param name="MediaType">The body's type.</param>
internal sealed record ProviderReply(int Status, string Body, (string Name, string Value)? Header = null, string MediaType = "application/json")
{
    /// <summary>Nothing listens at the provider's address.</summary>
    public static readonly ProviderReply Unreachable = new(-1, "");

    /// <exception cref="HttpRequestException">There is no answer.</exception>
    public HttpResponseMessage ToResponse()
    {
        if (Status <= 0)
        {
            throw Status == 0
                ? new HttpRequestException(HttpRequestError.ResponseEnded)
                : new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused");
        }

        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body));
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaType);
        var response = new HttpResponseMessage((HttpStatusCode)Status) { Content = content };
        if (Header is { } header)
        {
            response.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        return response;
    }
}
