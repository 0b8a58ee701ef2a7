using System.Net;
using System.Text;
using System.Text.Json;
using k8s;

namespace AgentOperator.Testing;

/// <summary>The API server by paths, for what has no typed client: Services behind its proxy and custom resources as they are on the wire.</summary>
internal sealed class ApiServer(Kubernetes client)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>GET; null for 404.</summary>
    /// <exception cref="HttpRequestException">Any other error.</exception>
    public async Task<JsonElement?> GetAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        return JsonElement.Parse(await ReadAsync(response));
    }

    /// <summary>GET of a text.</summary>
    public async Task<string> GetTextAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Get, path, null);
        return await ReadAsync(response);
    }

    public async Task PutAsync(string path, string body)
    {
        using var response = await SendAsync(HttpMethod.Put, path, body);
        await ReadAsync(response);
    }

    /// <summary>POST without a body.</summary>
    public async Task PostAsync(string path)
    {
        using var response = await SendAsync(HttpMethod.Post, path, null);
        await ReadAsync(response);
    }

    /// <summary>A watch's lines, as long as the server sends them.</summary>
    public async IAsyncEnumerable<JsonElement> WatchAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        using var request = await RequestAsync(HttpMethod.Get, path, null, ct);
        using var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            yield return JsonElement.Parse(line);
        }
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? text
            : throw new HttpRequestException(
                $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.PathAndQuery}: {(int)response.StatusCode} {text}");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var request = await RequestAsync(method, path, body, timeout.Token);
        try
        {
            return await client.HttpClient.SendAsync(request, timeout.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested)
        {
            throw new HttpRequestException($"{method} {path} took longer than {Deadline.TotalSeconds:0} s", exception);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(HttpMethod method, string path, string? body, CancellationToken ct)
    {
        var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/yaml");
        }

        // Users' kubeconfigs may hold tokens; certificates are the connection's.
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, ct);
        }

        return request;
    }
}
