using System.Text;
using System.Text.Json;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Answers;

/// <summary>Errors of providers, most of them odd; the same for the same seed.</summary>
internal sealed class OddErrors(Random random, string key, string prompt)
{
    private static readonly string[] HeaderNames =
    [
        "Retry-After", "retry-after-ms", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens", "x-ratelimit-remaining-requests",
        "x-ratelimit-remaining-tokens", "x-ratelimit-reset",
    ];

    private static readonly string[] Times =
    [
        "", "0", "-1", "7", "1.5", "1e300", "NaN", "Infinity", "soon", "1m30s", "6ms", "2m59.56s", "1h", "1x", "s", "..s", "9999999999999999999999d",
        "1772366400", "1772366400000", "Sun, 01 Mar 2026 12:05:00 GMT", "2026-03-01T12:05:00Z", "9999-12-31T23:59:59Z", "12:30", "0001-01-01",
    ];

    private static readonly string[] Codes =
        ["insufficient_quota", "rate_limit_exceeded", "invalid_api_key", "model_not_found", "overloaded_error", "🎉", "", "x y", "server_error"];

    private static readonly string[] Bodies =
    [
        "", " ", "null", "[]", "{}", "[[]]", "<html>", "\uFEFF{}", "OK", "{\"error\":", "{\"error\":null}", "{\"error\":[]}", "{\"error\":1e999}",
        "{\"error\":\"\\ud83c\"}", "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}", "{\"choices\":{}}",
    ];

    public ProviderResponse Next()
    {
        var headers = HeaderNames.Where(_ => random.Next(3) == 0).ToDictionary(name => name, _ => Pick(Times), StringComparer.OrdinalIgnoreCase);
        return new ProviderResponse(random.Next(3) == 0 ? 200 : random.Next(100, 600), headers, JsonText.Repair(Body()));
    }

    private byte[] Body()
    {
        switch (random.Next(4))
        {
            case 0:
                return Encoding.UTF8.GetBytes(Pick(Bodies));
            case 1:
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return bytes;
            default:
                var error = JsonSerializer.SerializeToUtf8Bytes(Value(3));
                return random.Next(5) == 0 ? error[..random.Next(error.Length)] : error;
        }
    }

    private object? Value(int depth) => random.Next(depth == 0 ? 5 : 9) switch
    {
        0 => random.Next(700),
        1 => Pick(Codes),
        2 => Message(),
        3 => null,
        4 => random.NextDouble() * 1e300,
        5 => new[] { Value(depth - 1), Value(depth - 1) },
        _ => new Dictionary<string, object?>
        {
            [Pick("error", "errors", "message", "detail", "details", "metadata", "raw", "choices")] = Value(depth - 1),
            [Pick("code", "type", "status", "reason", "errors")] = Value(depth - 1),
            [Pick("retryDelay", "retry_after", "object")] = Pick(Times),
        },
    };

    private string Message() => random.Next(6) switch
    {
        0 => $"Bad key {key}",
        1 => $"You said: {prompt}",
        2 => JsonSerializer.Serialize(Value(1)),
        3 => new string('x', random.Next(5_000)),
        4 => new string((char)random.Next(char.MaxValue + 1), random.Next(3)) + "\r\n\u001b[31m",
        _ => "Please try again in 7.66s",
    };

    private string Pick(params string[] of) => of[random.Next(of.Length)];
}
