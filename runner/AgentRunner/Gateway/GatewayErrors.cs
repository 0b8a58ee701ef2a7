using System.Net.Http.Headers;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentRunner.Gateway;

/// <summary>Reads error answers.</summary>
internal static class GatewayErrors
{
    /// <summary>Reads an error response. One that does not come from the gateway itself has no code.</summary>
    public static GatewayException Read(int status, ReadOnlySpan<byte> body, TimeSpan? retryAfter)
    {
        ProtocolError? error = null;
        try
        {
            error = JsonSerializer.Deserialize(body, ProtocolJson.Default.ProtocolError);
        }
        catch (JsonException)
        {
            // A proxy's error page, or an empty body: only the status counts.
        }

        error ??= new ProtocolError { Status = status, Code = "", Detail = $"The gateway answered with status {status}." };
        var seconds = error.RetryAfterSeconds ?? (retryAfter is { } wait ? (int)Math.Ceiling(wait.TotalSeconds) : null);
        return new GatewayException(error with { Status = status, RetryAfterSeconds = seconds });
    }

    /// <summary>The <c>Retry-After</c> header as a duration.</summary>
    public static TimeSpan? RetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) =>
        header?.Delta ?? (header?.Date is { } date && date > now ? date - now : null);
}
