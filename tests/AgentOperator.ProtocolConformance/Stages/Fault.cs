using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentOperator.ProtocolConformance.Stages;

/// <summary>What becomes of some requests on their way to the gateway and back. All that is not said happens as usual.</summary>
/// <param name="Strikes">Which requests.</param>
/// <param name="Times">How many of them at most.</param>
internal sealed record Fault(Func<Exchange, bool> Strikes, int Times = 1)
{
    /// <summary>Done before the gateway gets the request.</summary>
    public Func<Exchange, Task>? Before { get; init; }

    /// <summary>Done after the gateway answered, before the runner gets the answer.</summary>
    public Func<Exchange, Task>? After { get; init; }

    /// <summary>Answered in place of the gateway.</summary>
    public Func<HttpResponse, Task>? Answer { get; init; }

    /// <summary>Whether the connection breaks before the gateway gets the request.</summary>
    public bool IsLost { get; init; }

    /// <summary>Whether the connection breaks before the runner gets the answer.</summary>
    public bool IsAnswerLost { get; init; }

    /// <summary>Changes the answer's body.</summary>
    public Func<byte[], byte[]>? Rewrite { get; init; }

    /// <summary>Whether the answer comes in slow pieces, and without its length.</summary>
    public bool IsSlow { get; init; }

    /// <summary>An answer of the gateway's own shape.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">One of <see cref="ErrorCodes"/>.</param>
    /// <param name="retryAfterSeconds">When to try again.</param>
    /// <param name="rejectedTools">The tools that the provider rejects.</param>
    public static Func<HttpResponse, Task> Problem(
        int status, string code, int? retryAfterSeconds = null, IReadOnlyList<string>? rejectedTools = null) => response =>
    {
        response.StatusCode = status;
        response.ContentType = "application/problem+json";
        if (retryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = $"{seconds}";
        }

        var error = new ProtocolError
        {
            Status = status, Code = code, Detail = "a fault of the test", RetryAfterSeconds = retryAfterSeconds, RejectedTools = rejectedTools,
        };
        return response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(error, ProtocolJson.Default.ProtocolError)).AsTask();
    };

    /// <summary>An answer of something between the runner and the gateway, which knows no codes.</summary>
    public static Func<HttpResponse, Task> Page(int status) => response =>
    {
        (response.StatusCode, response.ContentType) = (status, "text/html");
        return response.WriteAsync("<html><body>out of order</body></html>");
    };
}
