using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Tests.Outages;

/// <summary>A provider that answers as a test says, and notes each call.</summary>
internal sealed class FailingProvider(TimeProvider time) : HttpMessageHandler
{
    private readonly List<(DateTimeOffset At, int Status)> _calls = [];

    /// <summary>The answer to a call with a key, be it a bearer token or in the header api-key.</summary>
    public Func<string?, HttpResponseMessage> Answer { get; set; } = _ => Completion();

    /// <summary>The answer to a call of a model, if it depends on that.</summary>
    public Func<string, HttpResponseMessage>? ByModel { get; set; }

    /// <summary>When each call came, and the status of its answer; 0 if it had none.</summary>
    public IReadOnlyList<(DateTimeOffset At, int Status)> Calls => _calls;

    public static HttpResponseMessage Completion() =>
        Json(HttpStatusCode.OK, """{"choices":[{"message":{"content":"Done."}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");

    public static HttpResponseMessage Away(HttpRequestError error = HttpRequestError.ConnectionError) => throw new HttpRequestException(error);

    public static HttpResponseMessage Refused() =>
        Json(HttpStatusCode.Unauthorized, """{"error":{"code":"invalid_api_key","message":"Incorrect API key provided."}}""");

    public static HttpResponseMessage NoSuchModel() => Json(HttpStatusCode.NotFound, """{"error":{"code":"model_not_found"}}""");

    public static HttpResponseMessage Busy(TimeSpan retryAfter)
    {
        var response = Json(HttpStatusCode.TooManyRequests, """{"error":{"code":"rate_limit_exceeded","message":"Rate limit reached."}}""");
        response.Headers.RetryAfter = new RetryConditionHeaderValue(retryAfter);
        return response;
    }

    public static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var body = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var status = 0;
        try
        {
            var key = request.Headers.TryGetValues("api-key", out var keys) ? keys.Single() : request.Headers.Authorization?.Parameter;
            var response = ByModel?.Invoke(body.RootElement.GetProperty("model").GetString()!) ?? Answer(key);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            _calls.Add((time.GetUtcNow(), status));
        }
    }
}
