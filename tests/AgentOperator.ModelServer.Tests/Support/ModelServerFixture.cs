using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace AgentOperator.ModelServer.Tests.Support;

/// <summary>A test class with a server of its own for each test.</summary>
internal abstract class ModelServerFixture
{
    protected static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    protected ModelServerHost Server { get; private set; } = null!;

    protected HttpClient Client { get; private set; } = null!;

    protected virtual ModelServerOptions Options => new();

    [SetUp]
    public async Task StartServerAsync()
    {
        Server = await ModelServerHost.StartAsync(Options);
        Client = new HttpClient { BaseAddress = Server.BaseUri, Timeout = Deadline };
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>Plays a scenario under the name <c>script</c>.</summary>
    protected void Script(string yaml) => Server.PutScenario("script", yaml);

    protected static ChatRequestBuilder Ask(string model = "script") => new(model);

    protected async Task<HttpResponseMessage> PostAsync(ChatRequestBuilder request, params (string Name, string Value)[] headers)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions") { Content = request.Content() };
        foreach (var (name, value) in headers)
            message.Headers.Add(name, value);
        return await Client.SendAsync(message);
    }

    /// <summary>The reply's body, which must be an answer.</summary>
    protected async Task<JsonNode> AnswerAsync(ChatRequestBuilder request, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(request, headers);
        var body = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(200), body);
        return JsonNode.Parse(body)!;
    }

    /// <summary>The status and the error's code and message of a reply that must be an error.</summary>
    protected async Task<(int Status, string? Code, string Message)> ErrorAsync(
        ChatRequestBuilder request, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(request, headers);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        return ((int)response.StatusCode, (string?)error["code"], (string)error["message"]!);
    }

    protected static AuthenticationHeaderValue Bearer(string key) => new("Bearer", key);

    protected static JsonNode Choice(JsonNode answer) => answer["choices"]![0]!;

    protected static JsonNode Call(JsonNode answer, int index = 0) => Choice(answer)["message"]!["tool_calls"]![index]!;
}
