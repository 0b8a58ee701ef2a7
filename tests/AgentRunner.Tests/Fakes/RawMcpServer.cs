using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRunner.Tests.Fakes;

/// <summary>An MCP server that answers with whatever text a test gives it: what no library would write is what matters here.</summary>
internal sealed class RawMcpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonNode> _calls = new();

    private RawMcpServer(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.First()), "mcp");

    /// <summary>The parameters of the tool calls that arrived.</summary>
    public IReadOnlyList<JsonNode> Calls => [.. _calls];

    /// <summary>The elements of the tool list, as JSON.</summary>
    public string Tools { get; set; } = """[{"name":"act","description":"Acts.","inputSchema":{"type":"object"}}]""";

    /// <summary>A page of the tool list for a cursor, as JSON; null gives <see cref="Tools"/> as the only page.</summary>
    public Func<string?, string>? ListPage { get; set; }

    /// <summary>Answers a tool call. The default answers with <see cref="Result"/>.</summary>
    public Func<HttpContext, string, Task>? Answer { get; set; }

    /// <summary>The result of each tool call, as JSON.</summary>
    public string Result { get; set; } = """{"content":[{"type":"text","text":"done"}]}""";

    public static async Task<RawMcpServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var server = new RawMcpServer(app);
        app.MapPost("/mcp", server.ServeAsync);
        await app.StartAsync();
        return server;
    }

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
        var request = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (request["id"] is not { } id)
        {
            context.Response.StatusCode = 202;
            return;
        }

        switch (request["method"]!.GetValue<string>())
        {
            case "initialize":
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
