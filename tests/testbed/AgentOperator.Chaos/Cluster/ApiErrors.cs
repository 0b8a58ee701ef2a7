using System.Net;
using k8s.Autorest;

namespace AgentOperator.Chaos.Cluster;

/// <summary>The API server's refusals.</summary>
internal static class ApiErrors
{
    public static HttpOperationException Conflict(string name) => Error(HttpStatusCode.Conflict, "Conflict", $"{name} was changed");

    public static HttpOperationException AlreadyExists(string name) => Error(HttpStatusCode.Conflict, "AlreadyExists", $"{name} already exists");

    public static HttpOperationException NotFound(string name) => Error(HttpStatusCode.NotFound, "NotFound", $"{name} not found");

    /// <summary>No answer: what a broken connection or a timeout gives.</summary>
    public static Exception NoAnswer() => new HttpRequestException("the connection to the API server broke");

    private static HttpOperationException Error(HttpStatusCode code, string reason, string message) => new(message)
    {
        Response = new HttpResponseMessageWrapper(
            new HttpResponseMessage(code), $$"""{"kind":"Status","reason":"{{reason}}","message":"{{message}}"}"""),
    };
}
