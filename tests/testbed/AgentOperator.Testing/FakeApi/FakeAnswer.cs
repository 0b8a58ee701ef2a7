using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentOperator.Testing.FakeApi;

/// <summary>What the fake server answers.</summary>
internal sealed record FakeAnswer(int Code, JsonObject Body)
{
    public bool IsSuccess => Code is >= 200 and < 300;

    public static FakeAnswer Ok(JsonObject body) => new(200, body);

    /// <summary>A refusal with the Status object that Kubernetes sends.</summary>
    public static FakeAnswer Failure(int code, string reason, string? message = null) => new(code, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = message ?? $"fake: {reason}",
        ["reason"] = reason,
        ["code"] = code,
    });

    /// <summary>The refusal of an object for one of its fields.</summary>
    public static FakeAnswer Invalid(string field, string reason)
    {
        var refusal = Failure(422, "Invalid");
        refusal.Body["details"] = new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["field"] = field, ["reason"] = reason }) };
        return refusal;
    }

    public HttpResponseMessage ToMessage(HttpRequestMessage request) => new((HttpStatusCode)Code)
    {
        Content = new StringContent(Body.ToJsonString(), Encoding.UTF8, "application/json"),
        RequestMessage = request,
    };
}
