using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway.Answers;

[TestFixture]
internal sealed class RetryTimesTests
{
    private const double Day = 86400;
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("7", 7)]
    [TestCase(" 7 ", 7)]
    [TestCase("0", 0)]
    [TestCase("1.5", 1.5)]
    [TestCase("6ms", 0.006)]
    [TestCase("1s", 1)]
    [TestCase("1m30s", 90)]
    [TestCase("2m59.56s", 179.56)]
    [TestCase("6m0s", 360)]
    [TestCase("1h2m3s", 3723)]
    [TestCase("3d", Day)]
    [TestCase("100000000", Day)]
    [TestCase("1e300", Day)]
    [TestCase("1772366460", 60)]
    [TestCase("1772366460000", 60)]
    [TestCase("Sun, 01 Mar 2026 12:01:30 GMT", 90)]
    [TestCase("2026-03-01T12:01:30Z", 90)]
    [TestCase("2026-03-01T13:01:30+01:00", 90)]
    [TestCase("Sat, 28 Feb 2026 12:00:00 GMT", 0)]
    [TestCase("Sat, 01 Jan 2050 00:00:00 GMT", Day)]
    [TestCase("-5", null)]
    [TestCase("soon", null)]
    [TestCase("12:30", null)]
    [TestCase("NaN", null)]
    [TestCase("1x", null)]
    [TestCase("s", null)]
    [TestCase("1m30", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void Parse_AnyNotation_IsThatTimeWithinADay(string? text, double? seconds) =>
        Assert.That(RetryTimes.Parse(text, Now)?.TotalSeconds, seconds is null ? Is.Null : Is.EqualTo(seconds).Within(1e-6));

    [TestCase(429, "retry-after-ms: 1500; Retry-After: 9", 1.5)]
    [TestCase(429, "Retry-After: 9; x-ratelimit-reset-tokens: 1m", 9)]
    [TestCase(429, "retry-after-ms: -1; Retry-After: 9", 9)]
    [TestCase(
        429, "x-ratelimit-remaining-requests: 5; x-ratelimit-reset-requests: 1s; x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 1m", 60)]
    [TestCase(
        429, "x-ratelimit-remaining-requests: 0; x-ratelimit-reset-requests: 2h; x-ratelimit-remaining-tokens: 0; x-ratelimit-reset-tokens: 1m",
        7200)]
    [TestCase(429, "x-ratelimit-reset-requests: 8.64s; x-ratelimit-reset-tokens: 1m", 8.64)]
    [TestCase(429, "X-RateLimit-Reset: 1772366460", 60)]
    [TestCase(503, "Retry-After: 9", 9)]
    [TestCase(503, "x-ratelimit-reset-requests: 8.64s", null)]
    [TestCase(429, "", null)]
    public void Find_HeadersOfProviders_TheOneThatSaysMost(int status, string headers, double? seconds)
    {
        var lines = headers.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(": "));
        var response = new ProviderResponse(
            status, lines.ToDictionary(line => line[0], line => line[1], StringComparer.OrdinalIgnoreCase), ReadOnlyMemory<byte>.Empty);
        Assert.That(RetryTimes.Find(response, error: null, Now)?.TotalSeconds, Is.EqualTo(seconds));
    }

    [TestCase("""{"error":{"status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}""", 34)]
    [TestCase("""[{"error":{"details":[{"links":[]},{"retryDelay":"34.07s"}]}}]""", 34.07)]
    [TestCase("""{"error":{"message":"slow down","retry_after":12}}""", 12)]
    [TestCase("""{"message":"slow down","retry_after":"12"}""", 12)]
    public void Find_TimeInTheBody_IsRead(string body, double seconds)
    {
        var response = new ProviderResponse(429, new Dictionary<string, string>(), System.Text.Encoding.UTF8.GetBytes(body));
        Assert.That(RetryTimes.Find(response, ProviderError.Read(response.Body), Now)?.TotalSeconds, Is.EqualTo(seconds));
    }
}
