using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>The runner's protocol over HTTP, as <c>docs/protocol.md</c> says it, for one pod.</summary>
/// <param name="http">The connections.</param>
/// <param name="gateway">The gateway's URL.</param>
/// <param name="token">The pod's token.</param>
internal sealed class RunnerGateway(HttpClient http, Uri gateway, string token)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public Task<RunDescription> GetRunAsync(CancellationToken cancellationToken) =>
        AskAsync(() => Request(HttpMethod.Get, Routes.RunWithJournal), ProtocolJson.Default.RunDescription, cancellationToken);

    public Task<JournalPage> ReadJournalAsync(long after, CancellationToken cancellationToken) => AskAsync(
        () => Request(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"{Routes.Journal}?after={after}")),
        ProtocolJson.Default.JournalPage, cancellationToken);

    public Task<AppendResponse> AppendAsync(AppendRequest append, CancellationToken cancellationToken) =>
        PostAsync(Routes.Journal, append, ProtocolJson.Default.AppendRequest, ProtocolJson.Default.AppendResponse, cancellationToken);

    public Task<AppendResponse> FinishAsync(ResultRequest result, CancellationToken cancellationToken) =>
        PostAsync(Routes.Result, result, ProtocolJson.Default.ResultRequest, ProtocolJson.Default.AppendResponse, cancellationToken);

    public Task<HeartbeatResponse> HeartbeatAsync(HeartbeatRequest beat, CancellationToken cancellationToken) =>
        PostAsync(Routes.Heartbeat, beat, ProtocolJson.Default.HeartbeatRequest, ProtocolJson.Default.HeartbeatResponse, cancellationToken);

    /// <summary>Asks the model.</summary>
    /// <returns>Where the answer is committed, and the completion.</returns>
    public Task<(long Sequence, byte[] Completion)> CompleteAsync(
        byte[] body, string stepKey, long expectedSequence, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            using var request = Request(HttpMethod.Post, Routes.ChatCompletions, body);
            request.Headers.Add(Routes.IdempotencyKeyHeader, stepKey);
            request.Headers.Add(Routes.ExpectedSequenceHeader, expectedSequence.ToString(CultureInfo.InvariantCulture));
            using var response = await http.SendAsync(request, cancellationToken);
            var answer = await ReadAsync(response, cancellationToken);
            return (long.Parse(response.Headers.GetValues(Routes.SequenceHeader).Single(), CultureInfo.InvariantCulture), answer);
        },
        cancellationToken);

    private Task<TResponse> PostAsync<TRequest, TResponse>(
        string path, TRequest body, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, CancellationToken cancellationToken) =>
        AskAsync(() => Request(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(body, requestType)), responseType, cancellationToken);

    private Task<T> AskAsync<T>(Func<HttpRequestMessage> create, JsonTypeInfo<T> type, CancellationToken cancellationToken) => RetryAsync(
        async () =>
        {
            using var request = create();
            using var response = await http.SendAsync(request, cancellationToken);
            return JsonSerializer.Deserialize(await ReadAsync(response, cancellationToken), type)!;
        },
        cancellationToken);

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? body = null)
    {
        var request = new HttpRequestMessage(method, new Uri(gateway, path))
        {
            Version = http.DefaultRequestVersion,
            VersionPolicy = http.DefaultVersionPolicy,
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        return request;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode ? body : throw new GatewayRefusal(JsonSerializer.Deserialize(body, ProtocolJson.Default.ProtocolError)!);
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await operation();
            }
            catch (Exception exception) when (IsTransient(exception) && TimeProvider.System.GetElapsedTime(started) < Patience)
            {
                await Task.Delay(pause * (0.5 + (Random.Shared.NextDouble() / 2)), TimeProvider.System, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private static bool IsTransient(Exception exception) => exception is HttpRequestException or IOException
        || exception is GatewayRefusal
        {
            Code: ErrorCodes.EpochNotClaimed or ErrorCodes.Unauthorized or ErrorCodes.ModelUnavailable or ErrorCodes.JournalUnavailable
                or ErrorCodes.TooManyRequests,
        };
}
