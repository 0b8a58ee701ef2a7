using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRunner.Tests.Fakes;

/// <summary>An MCP server that answers with whatever text a test gives it: what no library would write is what matters here.</summary>
internal sealed class RawMcpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonNode> _calls = new();
    private readonly ConcurrentQueue<JsonNode> _messages = new();
    private int _session = 1;

    private RawMcpServer(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.First().Replace("https://127.0.0.1", "https://localhost", StringComparison.Ordinal)), "mcp");

    /// <summary>The parameters of the tool calls that arrived.</summary>
    public IReadOnlyList<JsonNode> Calls => [.. _calls];

    /// <summary>All messages that arrived, refused ones too.</summary>
    public IReadOnlyList<JsonNode> Messages => [.. _messages];

    /// <summary>The elements of the tool list, as JSON.</summary>
    public string Tools { get; set; } = """[{"name":"act","description":"Acts.","inputSchema":{"type":"object"}}]""";

    /// <summary>A page of the tool list for a cursor, as JSON; null gives <see cref="Tools"/> as the only page.</summary>
    public Func<string?, string>? ListPage { get; set; }

    /// <summary>Answers a tool call. The default answers with <see cref="Result"/>.</summary>
    public Func<HttpContext, string, Task>? Answer { get; set; }

    /// <summary>The result of each tool call, as JSON.</summary>
    public string Result { get; set; } = """{"content":[{"type":"text","text":"done"}]}""";

    /// <summary>Answers a request of a session that the server does not know. If null, the server has no sessions.</summary>
    public Func<HttpContext, Task>? UnknownSession { get; set; }

    /// <summary>Answers in place of the server, also a GET. Returns false to let the server answer.</summary>
    public Func<HttpContext, JsonNode?, Task<bool>>? Intercept { get; set; }

    /// <param name="certificate">Serves TLS with it, as localhost; null serves plain HTTP.</param>
    public static async Task<RawMcpServer> StartAsync(X509Certificate2? certificate = null)
    {
        var app = LoopbackServer.CreateBuilder(certificate).Build();
        var server = new RawMcpServer(app);
        app.MapMethods("/mcp", ["GET", "POST"], server.ServeAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>The messages of a method.</summary>
    public IReadOnlyList<JsonNode> Of(string method) => [.. _messages.Where(message => (string?)message["method"] == method)];

    /// <summary>What a restart does.</summary>
    public void ForgetSessions() => _session++;

    /// <summary>Answers with a body.</summary>
    public static async Task WriteAsync(HttpContext context, string body, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        await context.Response.WriteAsync(body);
    }

    /// <summary>Answers nothing until the client hangs up.</summary>
    public static async Task WaitUntilGoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static string Reply(string id, string result) => $$"""{"jsonrpc":"2.0","id":{{id}},"result":{{result}}}""";

    private async Task ServeAsync(HttpContext context)
    {
        var request = HttpMethods.IsPost(context.Request.Method) ? (await JsonNode.ParseAsync(context.Request.Body))! : null;
        if (request is not null)
        {
            _messages.Enqueue(request);
        }

        if (Intercept is not null && await Intercept(context, request))
        {
            return;
        }

        if (request is null)
        {
            context.Response.StatusCode = 405;
            return;
        }

        var session = $"session-{_session}";
        if (UnknownSession is not null && context.Request.Headers["Mcp-Session-Id"] is { Count: > 0 } sent && sent != session)
        {
            await UnknownSession(context);
            return;
        }

        if (request["id"] is not { } id)
        {
            context.Response.StatusCode = 202;
            return;
        }

        switch (request["method"]!.GetValue<string>())
        {
            case "initialize":
                if (UnknownSession is not null)
                {
                    context.Response.Headers["Mcp-Session-Id"] = session;
                }

                await WriteAsync(context, Reply(
                    id.ToJsonString(), """{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"raw","version":"1"}}"""));
                break;
            case "tools/list":
                await WriteAsync(
                    context,
                    Reply(id.ToJsonString(), ListPage?.Invoke(request["params"]?["cursor"]?.GetValue<string>()) ?? $$"""{"tools":{{Tools}} }"""));
                break;
            case "tools/call":
                _calls.Enqueue(request["params"]!.DeepClone());
                await (Answer ?? ((answered, number) => WriteAsync(answered, Reply(number, Result))))(context, id.ToJsonString());
                break;
            default:
                await WriteAsync(context, $$$"""{"jsonrpc":"2.0","id":{{{id.ToJsonString()}}},"error":{"code":-32601,"message":"no such method"}}""");
                break;
        }
    }
}
