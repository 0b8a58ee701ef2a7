using System.Text;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tools.Mcp;
using Microsoft.AspNetCore.Http;

namespace AgentRunner.Tests.Loop;

/// <summary>Answers of MCP servers that are too large to read.</summary>
internal sealed class McpBoundsTests
{
    private const int Chunk = 64 * 1024;
    private const int Chunks = 1000;

    private static readonly string[] UnknownThenResult = [RecordKinds.ToolUnknown, RecordKinds.ToolResult];
    private static readonly string[] FailedThenResult = [RecordKinds.ToolFailed, RecordKinds.ToolResult];

    [Test]
    public async Task Result_TooLarge_IsNotReadAndTheSessionGoesOn(
        [Values] ToolEffect effect, [Values("application/json", "text/event-stream")] string type, [Values] bool saysItsLength)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.UnknownSession = context => RawMcpServer.WriteAsync(context, "", 404);
        var serve = server.Answer;
        server.Answer = async (context, id) =>
        {
            server.Answer = serve;
            await FloodAsync(context, id, type, saysItsLength);
        };
        await using var harness = await McpWorld.StartAsync(server.Url, effect, calls: 2);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(effect == ToolEffect.Irreversible ? UnknownThenResult : FailedThenResult));
        var kind = effect == ToolEffect.Irreversible ? RecordKinds.ToolUnknown : RecordKinds.ToolFailed;
        Assert.That(
            harness.Journal.Outcomes(kind).Single().Content,
            Does.StartWith("The tool ran, and its result was not read because it is larger than 65,536 bytes."));
        Assert.That(server.Of("initialize"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Result_LargerThanTheModelIsTold_IsCut()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Result = $$"""{"content":[{"type":"image","data":"{{new string('A', 30_000)}}"},{"type":"text","text":"{{new string('x', 30_000)}}"}]}""";
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        var result = harness.Journal.Outcomes(RecordKinds.ToolResult).Single();
        Assert.That(result.TruncatedBytes, Is.GreaterThan(25_000));
        Assert.That(result.Content, Does.StartWith("[image content is not shown]\nxxx"));
    }

    [Test]
    public async Task Result_AfterMoreEventsThanOneMayBe_IsRead()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = async (context, id) =>
        {
            context.Response.ContentType = "text/event-stream";
            var progress = $$$"""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"{{{new string('x', 1000)}}}"}}""";
            for (var i = 0; i < 200; i++)
            {
                await context.Response.WriteAsync($"event: message\ndata: {progress}\n\n");
            }

            await context.Response.WriteAsync($$$"""data: {"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[]}}""" + "\n\n");
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult }));
    }

    [Test]
    public async Task Error_WithALargeBody_IsTheErrorItIs()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = async (context, id) =>
        {
            context.Response.StatusCode = 403;
            await FloodAsync(context, id, "text/plain", saysItsLength: false);
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("did not take the call").And.Contain("403"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task ToolList_TooLarge_EndsTheAttemptAtOnceAndSaysSo(bool onePage)
    {
        await using var server = await RawMcpServer.StartAsync();
        var page = 0;
        var tools = string.Join(',', Enumerable.Range(0, onePage ? 300 : 3).Select(
            number => $$$"""{"name":"t{{{number}}}","description":"{{{new string('x', 10_000)}}}","inputSchema":{"type":"object"}}"""));
        server.ListPage = _ => $$"""{"tools":[{{tools}}]{{(onePage ? "" : $",\"nextCursor\":\"{page++}\"")}} }""";
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
        Assert.That(exit.Message, Does.Contain($"lists more than {McpHttpHandler.MaxListBytes:N0} bytes of tools"));
        Assert.That(server.Of("initialize"), Has.Count.EqualTo(1));
    }

    /// <summary>Writes 64 MB of an answer, and its end only once the client hung up.</summary>
    private static async Task FloodAsync(HttpContext context, string id, string type, bool saysItsLength)
    {
        var start = $$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{"content":[{"type":"text","text":" """;
        context.Response.ContentType = type;
        if (saysItsLength)
        {
            context.Response.ContentLength = 2 * Chunk * Chunks;
        }

        try
        {
            await context.Response.WriteAsync(type == "text/event-stream" ? $"data: {start}" : start, context.RequestAborted);
            var chunk = Encoding.UTF8.GetBytes(new string('x', Chunk));
            for (var written = 0; written < Chunks; written++)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }

            await RawMcpServer.WaitUntilGoneAsync(context);
        }
        catch (OperationCanceledException)
        {
            // The client hung up.
        }
    }
}
