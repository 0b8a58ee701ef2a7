using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using k8s;

namespace AgentOperator.SimulatedNodes.Cluster;

/// <summary>The API server by paths: thousands of simulated pods cannot afford typed objects.</summary>
/// <param name="client">Holds the connections; certificates are its credentials.</param>
internal sealed class RawApi(Kubernetes client)
{
    private const int Tries = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>GET of a text.</summary>
    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        using var response = await client.HttpClient.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>GET of an object.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonElement.Parse(await GetTextAsync(path, cancellationToken));

    /// <summary>Sends a call until it is answered; what may pass is tried again, as every client of Kubernetes does.</summary>
    /// <returns>The answer; null for 404 and 409, which say that the object is not what it was.</returns>
    /// <exception cref="HttpRequestException">Any other refusal.</exception>
    public async Task<byte[]?> SendAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string contentType = "application/json")
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path)) { Content = new ReadOnlyMemoryContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
                using var response = await client.HttpClient.SendAsync(request, cancellationToken);
                var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return answer;
                }

                if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    return null;
                }

                var refusal = new HttpRequestException(
                    $"{method} {path}: {(int)response.StatusCode} {System.Text.Encoding.UTF8.GetString(answer)}", null, response.StatusCode);
                if (tried == Tries || (response.StatusCode != HttpStatusCode.TooManyRequests && (int)response.StatusCode < 500))
                {
                    throw refusal;
                }
            }
            catch (Exception exception) when (tried < Tries && exception is HttpRequestException { StatusCode: null } or IOException)
            {
                // The connection broke: the call is sent again on another.
            }

            await Task.Delay(FirstPause * (1 << tried), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>The events of a watch, until the server ends it.</summary>
    public async IAsyncEnumerable<string> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        using var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return line;
        }
    }
}
