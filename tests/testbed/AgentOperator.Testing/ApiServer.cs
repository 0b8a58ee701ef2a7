using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using k8s;

namespace AgentOperator.Testing;

/// <summary>
/// The API server by paths, for what has no typed client or cannot afford one: Services behind its proxy, custom resources as they are on the wire,
/// thousands of simulated pods.
/// </summary>
internal sealed class ApiServer(Kubernetes client)
{
    private const int Tries = 8;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Reads objects that are nested as deep as the server takes them.</summary>
    public static JsonDocumentOptions AnyDepth { get; } = new() { MaxDepth = 10_100 };

    /// <summary>GET; null for 404.</summary>
    /// <exception cref="HttpRequestException">Any other error, or no answer in 30 s.</exception>
    public async Task<JsonElement?> GetAsync(string path)
    {
        using var response = await SendSoonAsync(HttpMethod.Get, path, null);
        return response.StatusCode == HttpStatusCode.NotFound ? null : JsonElement.Parse(await ReadAsync(response), AnyDepth);
    }

    /// <summary>GET, for as long as it takes.</summary>
    /// <exception cref="HttpRequestException">Any error, 404 too.</exception>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null, cancellationToken);
        return JsonElement.Parse(await ReadAsync(response), AnyDepth);
    }

    /// <summary>GET of a text.</summary>
    /// <exception cref="HttpRequestException">Any error, or no answer in 30 s.</exception>
    public async Task<string> GetTextAsync(string path)
    {
        using var response = await SendSoonAsync(HttpMethod.Get, path, null);
        return await ReadAsync(response);
    }

    public async Task PutAsync(string path, string body)
    {
        using var response = await SendSoonAsync(HttpMethod.Put, path, Content(Encoding.UTF8.GetBytes(body), "application/yaml"));
        await ReadAsync(response);
    }

    /// <summary>POST without a body.</summary>
    public async Task PostAsync(string path)
    {
        using var response = await SendSoonAsync(HttpMethod.Post, path, null);
        await ReadAsync(response);
    }

    /// <summary>Sends a write until it is answered; a failure that may pass is tried again, as every client of Kubernetes does.</summary>
    /// <returns>The answer; null for 404 and 409: the object is not what it was.</returns>
    /// <exception cref="HttpRequestException">Any other refusal.</exception>
    public async Task<byte[]?> WriteAsync(
        HttpMethod method, string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken, string contentType = "application/json")
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                using var response = await SendAsync(method, path, Content(body, contentType), cancellationToken);
                if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    return null;
                }

                var mayPass = response.StatusCode == HttpStatusCode.TooManyRequests || (int)response.StatusCode >= 500;
                if (tried == Tries || !mayPass)
                {
                    await ThrowIfFailedAsync(response);
                    return await response.Content.ReadAsByteArrayAsync(cancellationToken);
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
    public async IAsyncEnumerable<JsonElement> WatchAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(HttpMethod.Get, path, null, cancellationToken);
        using var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            yield return JsonElement.Parse(line, AnyDepth);
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        await ThrowIfFailedAsync(response);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task ThrowIfFailedAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            var asked = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.PathAndQuery}";
            throw new HttpRequestException(
                $"{asked}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}", null, response.StatusCode);
        }
    }

    private static ReadOnlyMemoryContent Content(ReadOnlyMemory<byte> body, string type) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };

    private async Task<HttpResponseMessage> SendSoonAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            return await SendAsync(method, path, content, timeout.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new HttpRequestException($"{method} {path} took longer than {Deadline.TotalSeconds:0} s", exception);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = await RequestAsync(method, path, content, cancellationToken);
        return await client.HttpClient.SendAsync(request, cancellationToken);
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path)) { Content = content };

        // Users' kubeconfigs may hold tokens; certificates are the connection's.
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        }

        return request;
    }
}
