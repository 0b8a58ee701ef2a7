using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Protocol;

namespace AgentRunner.Gateway;

/// <summary>The gateway over HTTP.</summary>
/// <param name="http">Its base address is the gateway's; it adds the token.</param>
/// <param name="retry">Retries everything except heartbeats.</param>
/// <param name="time">Measures the timeout of a request and reads dates of <c>Retry-After</c>.</param>
internal sealed class GatewayClient(HttpClient http, GatewayRetry retry, TimeProvider time) : IGateway
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly JournalChain _chain = new();

    /// <inheritdoc/>
    public Task<RunDescription> GetRunAsync(CancellationToken cancellationToken) =>
        GetAsync(
        "read the run", Routes.RunWithJournal, ProtocolJson.Default.RunDescription, cancellationToken, body => _chain.Check(body, "journal"));

    /// <inheritdoc/>
    public async Task<RunTerms> GetTermsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("read the run's limits", Routes.Run, ProtocolJson.Default.RunDescription, cancellationToken)).Terms;

    /// <inheritdoc/>
    public Task<JournalPage> ReadJournalAsync(long after, CancellationToken cancellationToken) => GetAsync(
        "read the journal", string.Create(CultureInfo.InvariantCulture, $"{Routes.Journal}?after={after}"), ProtocolJson.Default.JournalPage,
        cancellationToken, body => _chain.Check(body));

    /// <inheritdoc/>
    public Task<AppendResponse> AppendAsync(AppendRequest request, CancellationToken cancellationToken) => retry.RunAsync(
        "append to the journal",
        token => PostAsync(Routes.Journal, request, ProtocolJson.Default.AppendRequest, ProtocolJson.Default.AppendResponse, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<HeartbeatResponse> HeartbeatAsync(HeartbeatRequest request, CancellationToken cancellationToken) =>
        PostAsync(Routes.Heartbeat, request, ProtocolJson.Default.HeartbeatRequest, ProtocolJson.Default.HeartbeatResponse, cancellationToken);

    /// <inheritdoc/>
    public Task<AppendResponse> FinishAsync(ResultRequest request, CancellationToken cancellationToken) => retry.RunAsync(
        "commit the result",
        token => PostAsync(Routes.Result, request, ProtocolJson.Default.ResultRequest, ProtocolJson.Default.AppendResponse, token),
        cancellationToken);

    private Task<T> GetAsync<T>(
        string name, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken, Action<byte[]>? check = null) => retry.RunAsync(
        name, token => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), type, token, check), cancellationToken);

    private Task<TResponse> PostAsync<TRequest, TResponse>(
        string path, TRequest body, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = ContentOf(body, requestType) }, responseType, cancellationToken);

    /// <summary>Not JsonContent: the gateway should know the length before it reads.</summary>
    private static ByteArrayContent ContentOf<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken, Action<byte[]>? check = null)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await http.SendAsync(request, linked.Token);
            var body = await response.Content.ReadAsByteArrayAsync(linked.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw GatewayErrors.Read((int)response.StatusCode, body, GatewayErrors.RetryAfter(response.Headers.RetryAfter, time.GetUtcNow()));
            }

            var value = JsonSerializer.Deserialize(body, type) ?? throw new JsonException("null");
            check?.Invoke(body);
            return value;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw new GatewayException($"The gateway gave no usable answer: {exception.Message}", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new GatewayException($"The gateway gave no answer within {RequestTimeout.TotalSeconds:0} s.", exception);
        }
        finally
        {
            request.Dispose();
        }
    }
}
