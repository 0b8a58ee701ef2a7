using System.Diagnostics;
using Microsoft.Net.Http.Headers;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>What the log lines of one request have in common: the W3C trace ID that the caller sent, else a new one of the same form.</summary>
internal static class CorrelationId
{
    public static string Of(HttpRequest request) =>
        ActivityContext.TryParse(request.Headers[HeaderNames.TraceParent], null, out var sent) ? sent.TraceId.ToHexString()
        : (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToHexString();
}
