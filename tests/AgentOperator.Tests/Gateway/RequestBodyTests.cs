using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentOperator.Api;
using AgentOperator.Api.Validation;
using AgentOperator.Gateway.Models;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class RequestBodyTests
{
    private static readonly string[] Names =
        ["model", "messages", "tools", "n", "stream", "max_tokens", "max_completion_tokens", "temperature", "top_p", "é\"\n", "", "response_format"];

    private static readonly string[] Values =
        ["1", "1.50", "1e400", "true", "null", "\"\\u00e9 \\\" x\"", "[1,{\"max_tokens\":2,\"temperature\":3}]", "{\"a\":{\"b\":[]}}", " [ ] ", "-0"];

    private static readonly string?[] Limits = [null, .. ParameterRules.OutputLimits];

    [Test]
    public void With_NothingToChange_IsTheSameBytes()
    {
        ReadOnlyMemory<byte> body = "{ \"model\" : \"m\" }"u8.ToArray();
        Assert.That(RequestBody.With(body, RequestBody.NoFields, null), Is.EqualTo(body));
    }

    /// <summary>Any body and any parameters: what the gateway owns stays, the run's win over the endpoint's, and both over the body's.</summary>
    [Test]
    public void With_AnyBodyAndParameters_SetsThemAndLeavesTheRest()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var (body, endpoint, run) = (Any(random), Any(random), Any(random));
            var limit = Limits[random.Next(Limits.Length)];
            var request = new ProviderRequest(
                new ModelEndpoint { Spec = new ModelEndpointSpec { BaseUrl = "https://a", Parameters = Fields(endpoint) } },
                new ModelRequest("m", null), Encoding.UTF8.GetBytes(Text(body))) { RunParameters = Fields(run) };

            var result = JsonNode.Parse(RequestBody.With(request.Body, request.Parameters, limit).Span)!.AsObject();

            Assert.That(JsonNode.DeepEquals(result, Expected(body, endpoint, run, limit)), $"seed {seed}: {result.ToJsonString()}");
        }
    }

    [Test]
    public void With_ALargeConversation_IsCopiedAsItIs()
    {
        const string messages = """[{"role":"user","content":"é \u00e9 \/ 1.50e2"}]""";
        var body = RequestBody.With(
            Encoding.UTF8.GetBytes($$"""{"messages":{{messages}},"temperature":1}"""), Fields(new() { ["temperature"] = "0.20" })!, null);
        Assert.That(Encoding.UTF8.GetString(body.Span), Is.EqualTo($$"""{"messages":{{messages}},"temperature":0.20}"""));
    }

    private static JsonObject Expected(
        Dictionary<string, string> body, Dictionary<string, string> endpoint, Dictionary<string, string> run, string? limit)
    {
        var all = new Dictionary<string, string>(body);
        foreach (var (name, value) in endpoint.Concat(run).Where(field => !ParameterRules.IsOwned(field.Key)))
        {
            all[name] = value;
        }

        if (limit is not null && ParameterRules.OutputLimits.Where(all.ContainsKey).ToList() is { Count: > 0 } given)
        {
            var value = all[body.Keys.First(given.Contains)];
            given.ForEach(name => all.Remove(name));
            all[limit] = value;
        }

        return JsonNode.Parse(Text(all))!.AsObject();
    }

    private static Dictionary<string, string> Any(Random random) =>
        Names.Where(_ => random.Next(2) == 0).OrderBy(_ => random.Next()).ToDictionary(name => name, _ => Values[random.Next(Values.Length)]);

    private static Dictionary<string, JsonElement>? Fields(Dictionary<string, string> fields) =>
        fields.Count == 0 ? null : fields.ToDictionary(field => field.Key, field => JsonElement.Parse(field.Value));

    private static string Text(Dictionary<string, string> fields) =>
        "{ " + string.Join(" , ", fields.Select(field => $"{JsonSerializer.Serialize(field.Key)} : {field.Value}")) + " }";
}
