using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRunner.Tests.Fakes;

/// <summary>An MCP server of the transport before streamable HTTP: answers come on a stream, requests go to an endpoint that it names.</summary>
internal sealed class SseMcpServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<JsonNode> _messages = new();
    private readonly ConcurrentDictionary<string, Channel<string>> _sessions = new();
    private int _lastSession;

    private SseMcpServer(WebApplication app) => _app = app;

    public Uri Url => new(new Uri(_app.Urls.First()), "sse");

    /// <summary>The sessions that were begun.</summary>
    public int Sessions => _lastSession;

    /// <summary>How a POST to the stream's address is refused.</summary>
    public int RefusalOfPost { get; set; } = 405;

    /// <summary>Where messages are to be sent; null for this server.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>How a message of an unknown session is refused.</summary>
    public (int Status, string Body) UnknownSession { get; set; } = (404, "Could not find session");

    /// <summary>Answers the nth tool call, counted from 1; null for no answer.</summary>
    public Func<int, string?> Result { get; set; } = _ => """{"content":[{"type":"text","text":"done"}]}""";

    /// <summary>The messages of a method.</summary>
    public IReadOnlyList<JsonNode> Of(string method) => [.. _messages.Where(message => (string?)message["method"] == method)];

    public static async Task<SseMcpServer> StartAsync()
    {
        var app = LoopbackServer.CreateBuilder().Build();
        var server = new SseMcpServer(app);
        app.MapGet("/sse", server.StreamAsync);
        app.MapPost("/sse", context => RawMcpServer.WriteAsync(context, "", server.RefusalOfPost, "text/plain"));
        app.MapPost("/messages", server.TakeAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Forgets all sessions.</summary>
    /// <param name="endStreams">Whether their streams end. Behind a proxy they may stay open.</param>
    public void ForgetSessions(bool endStreams)
    {
        foreach (var session in _sessions.Keys)
        {
            if (_sessions.TryRemove(session, out var forgotten) && endStreams)
            {
                forgotten.Writer.Complete();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task StreamAsync(HttpContext context)
    {
        var session = Interlocked.Increment(ref _lastSession).ToString(CultureInfo.InvariantCulture);
        var answers = _sessions[session] = Channel.CreateUnbounded<string>();
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"event: endpoint\ndata: {Endpoint?.ToString() ?? "/messages"}?session={session}\n\n");
        try
        {
            await foreach (var answer in answers.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync($"event: message\ndata: {answer}\n\n");
            }
        }
        catch (OperationCanceledException)
        {
            // The client hung up.
        }
    }

    private async Task TakeAsync(HttpContext context)
    {
        var message = (await JsonNode.ParseAsync(context.Request.Body))!;
        if (!_sessions.TryGetValue(context.Request.Query["session"].ToString(), out var session))
        {
            await RawMcpServer.WriteAsync(context, UnknownSession.Body, UnknownSession.Status, "text/plain");
            return;
        }

        _messages.Enqueue(message);
        await RawMcpServer.WriteAsync(context, "Accepted", 202, "text/plain");
        if (message["id"] is { } id && Answer(message) is { } answer)
        {
            await session.Writer.WriteAsync($$"""{"jsonrpc":"2.0","id":{{id}},{{answer}}}""");
        }
    }

    private string? Answer(JsonNode message) => message["method"]!.GetValue<string>() switch
    {
        "initialize" => """
            "result":{"protocolVersion":"2024-11-05","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"1"}}
            """,
        "tools/list" => """
            "result":{"tools":[{"name":"act","description":"Acts.","inputSchema":{"type":"object"}}]}
            """,
        "tools/call" => Result(Of("tools/call").Count) is { } result ? $"\"result\":{result}" : null,
        _ => """
            "error":{"code":-32601,"message":"no such method"}
            """,
    };
}
