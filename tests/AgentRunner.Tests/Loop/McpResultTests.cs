using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>Results of MCP tools: whatever they carry, and what cannot be read or never comes.</summary>
internal sealed class McpResultTests
{
    private const string Annotations = """{"audience":["user","assistant"],"priority":0.5,"lastModified":"2026-11-01T10:00:00Z","later":{}}""";
    private const string Icons = """[{"src":"https://example.com/i.png","mimeType":"image/png","sizes":["48x48"]}]""";

    private static IEnumerable<TestCaseData> Readable()
    {
        yield return Case("text with annotations", $$"""[{"type":"text","text":"ok","annotations":{{Annotations}} }]""", "ok");
        yield return Case("text with icons", $$"""[{"type":"text","text":"ok","icons":{{Icons}},"_meta":{"a":[1] } }]""", "ok");
        yield return Case("annotations of another shape", """[{"type":"text","text":"ok","annotations":[1],"icons":"none"}]""", "ok");
        yield return Case(
            "resource link with both",
            $$"""[{"type":"resource_link","uri":"file:///a","name":"a","icons":{{Icons}},"annotations":{{Annotations}} }]""", "[resource file:///a]");
        yield return Case(
            "embedded text",
            $$"""[{"type":"resource","resource":{"uri":"file:///a","text":"ok","annotations":{{Annotations}} },"annotations":{{Annotations}} }]""",
            "ok");
        yield return Case(
            "embedded bytes", """[{"type":"resource","resource":{"uri":"file:///a","blob":"AAAA"}}]""", "[resource content is not shown]");
        yield return Case(
            "audio", $$"""[{"type":"audio","data":"AAAA","mimeType":"audio/wav","annotations":{{Annotations}} }]""", "[audio content is not shown]");
        yield return Case("image", """[{"type":"image","data":"not base64!","mimeType":"image/png"}]""", "[image content is not shown]");
        yield return Case("an unknown kind", """[{"type":"hologram","x":{}},{"type":"text","text":"ok"}]""", "[hologram content is not shown]\nok");
        yield return Case("no kind", """[{"text":"x"},{"type":7}]""", "[untyped content is not shown]\n[untyped content is not shown]");
        yield return Case(
            "no block", """[null,7,"x"]""",
            "[content that is null is not shown]\n[content that is a number is not shown]\n[content that is a string is not shown]");
        yield return Case("half a surrogate pair", """[{"type":"text","text":"a\ud83cb"}]""", "a\ufffdb");
        yield return Case("a surrogate pair", """[{"type":"text","text":"\ud83c\udf89"}]""", "🎉");
        yield return new TestCaseData("""{"content":[],"structuredContent":{"n":1.50},"unknown":{}}""", "{\"n\":1.50}")
            .SetArgDisplayNames("structured");
        yield return new TestCaseData("""{"content":null,"structuredContent":[1],"isError":null,"_meta":null}""", "[1]").SetArgDisplayNames("nulls");
        yield return new TestCaseData("{}", "").SetArgDisplayNames("nothing");

        static TestCaseData Case(string name, string content, string expected) =>
            new TestCaseData($$"""{"content":{{content}} }""", expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Readable))]
    public async Task Result_WhateverItCarries_IsRead(string result, string expected)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Result = result;
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolResult).Select(outcome => outcome.Content), Is.EqualTo(new[] { expected }));
    }

    [Test]
    public async Task Result_OfALibraryServerWithAnnotationsAndIcons_IsRead()
    {
        await using var server = await TestMcpServer.StartAsync();
        await using var harness = await RunAsync(server.Url, ToolEffect.Irreversible, "annotated", _ => { });

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolResult).Single().Content, Is.EqualTo("noted\n[resource https://example.com/report]"));
    }

    private static IEnumerable<TestCaseData> Unreadable()
    {
        yield return Case("null result", """{"jsonrpc":"2.0","id":$ID,"result":null}""");
        yield return Case("text result", """{"jsonrpc":"2.0","id":$ID,"result":"ok"}""");
        yield return Case("array result", """{"jsonrpc":"2.0","id":$ID,"result":[]}""");
        yield return Case("text content", """{"jsonrpc":"2.0","id":$ID,"result":{"content":"ok"}}""");
        yield return Case("isError as text", """{"jsonrpc":"2.0","id":$ID,"result":{"content":[],"isError":"false"}}""");
        yield return Case("asks for input", """{"jsonrpc":"2.0","id":$ID,"result":{"resultType":"input_required","inputRequests":{}}}""");
        yield return Case("half structured text", """{"jsonrpc":"2.0","id":$ID,"result":{"structuredContent":"\ud83c"}}""");
        yield return Case("neither result nor error", """{"jsonrpc":"2.0","id":$ID}""");
        yield return Case("cut off", """{"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"te""");
        yield return Case("no JSON", "<html>gateway timeout</html>");
        yield return Case("empty", "");
        yield return Case("another's answer", """{"jsonrpc":"2.0","id":"another","result":{"content":[]}}""");

        static TestCaseData Case(string name, string body) => new TestCaseData(body).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Unreadable))]
    public async Task Result_CannotBeRead_OfAnIrreversibleToolIsUnknown(string body)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, id) => RawMcpServer.WriteAsync(context, body.Replace("$ID", id, StringComparison.Ordinal));
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        AssertUnknown(harness, server);
    }

    [TestCase(ToolEffect.Pure)]
    [TestCase(ToolEffect.Keyed)]
    public async Task Result_CannotBeRead_OfAToolThatMayRunAgainIsAFailureThatSaysSo(ToolEffect effect)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Result = "7";
        await using var harness = await RunAsync(server, effect);

        Assert.That(
            harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content,
            Is.EqualTo("The tool ran, and its result could not be read: it is a number, not an object."));
    }

    [Test]
    public async Task Connection_BreaksAfterTheCallWasSent_OfAnIrreversibleToolIsUnknown()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        AssertUnknown(harness, server);
    }

    [TestCase(500)]
    [TestCase(502)]
    [TestCase(504)]
    [TestCase(408)]
    public async Task Status_ThatProvesNothing_OfAnIrreversibleToolIsUnknown(int status)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, _) => RawMcpServer.WriteAsync(context, "<html>", status, "text/html");
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        AssertUnknown(harness, server);
    }

    [TestCase(403)]
    [TestCase(429)]
    public async Task Status_OfARefusal_IsAFailure(int status)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, _) => RawMcpServer.WriteAsync(context, "no", status, "text/plain");
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("did not take the call"));
    }

    [TestCase(-32602, "no such record")]
    [TestCase(-32602, "Invalid arguments for tool act: to is required")]
    [TestCase(-32601, "Method not found")]
    [TestCase(-32600, "Unknown tool: 'act'")]
    [TestCase(-32700, "Parse error")]
    public async Task Error_ThatRefusesTheCall_IsAFailure(int code, string message)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, id) => RawMcpServer.WriteAsync(context, Error(id, code, message));
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("refused").And.Contain(message));
    }

    [TestCase(-32603, "MCP error -32603: Error calling tool act: MCP error -32001: Request timed out")]
    [TestCase(-32603, "Internal error")]
    [TestCase(-32001, "Request timed out")]
    [TestCase(-32000, "Connection closed")]
    [TestCase(-32602, "Tool act has an output schema but no structured content was provided")]
    [TestCase(-32602, "Invalid structured content for tool act: [...]")]
    [TestCase(-32602, "Output validation error: Invalid structured content for tool act")]
    [TestCase(0, "the mail was sent, and its receipt could not be read")]
    public async Task Error_AfterWhichTheToolMayHaveRun_OfAnIrreversibleToolIsUnknown(int code, string message)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, id) => RawMcpServer.WriteAsync(context, Error(id, code, message));
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        AssertUnknown(harness, server);
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolUnknown).Single().Content, Does.Contain(message));
    }

    [TestCase(500, -32603)]
    [TestCase(504, -32001)]
    public async Task Error_InAStatusThatProvesNothing_OfAnIrreversibleToolIsUnknown(int status, int code)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, id) => RawMcpServer.WriteAsync(context, Error(id, code, "Upstream timed out"), status);
        await using var harness = await RunAsync(server, ToolEffect.Irreversible);

        AssertUnknown(harness, server);
    }

    [Test]
    public async Task Timeout_AfterTheCallWasSent_OfAnIrreversibleToolIsUnknown()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, _) => RawMcpServer.WaitUntilGoneAsync(context);
        await using var harness = await RunAsync(
            server.Url, ToolEffect.Irreversible, "act", run => run.Run = run.Run with { Limits = run.Run.Limits with { StepTimeoutSeconds = 1 } });

        AssertUnknown(harness, server);
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolUnknown).Single().Content, Does.Contain("no answer within 1 s"));
    }

    [Test]
    public async Task Server_IsGoneBeforeTheCallIsSent_IsAFailure()
    {
        await using var server = await RawMcpServer.StartAsync();
        await using var harness = await RunAsync(
            server.Url, ToolEffect.Irreversible, "act", gateway => gateway.BeforeAnswer = async (_, _) => await server.DisposeAsync());

        Assert.That(harness.Journal.Count(RecordKinds.ToolUnknown), Is.Zero);
        Assert.That(harness.Journal.Count(RecordKinds.ToolFailed), Is.EqualTo(1));
    }

    private static string Error(string id, int code, string message) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":{{{code}}},"message":"{{{message}}}"}}""";

    private static void AssertUnknown(RunnerHarness harness, RawMcpServer server) => Assert.Multiple(() =>
    {
        Assert.That(server.Calls, Has.Count.EqualTo(1));
        Assert.That(harness.Journal.Count(RecordKinds.ToolFailed), Is.Zero);
        Assert.That(
            harness.Journal.Outcomes(RecordKinds.ToolUnknown).Single().Content,
            Does.Contain("outcome of this call is unknown").And.Contain("not repeated"));
    });

    private static Task<RunnerHarness> RunAsync(RawMcpServer server, ToolEffect effect) => RunAsync(server.Url, effect, "act", _ => { });

    /// <summary>A run that calls one tool of a server once.</summary>
    private static async Task<RunnerHarness> RunAsync(Uri url, ToolEffect effect, string tool, Action<FakeGateway> prepare)
    {
        var run = RunnerHarness.DefaultRun with { Tools = [new ToolDefinition { Name = "s", Effect = effect, McpUrl = url.ToString() }] };
        var harness = await RunnerHarness.StartAsync(run, ModelStep.Call(new ToolCall("1", $"s_{tool}", "{}")), ModelStep.Say("done"));
        prepare(harness.Gateway);
        var exit = await harness.RunAttemptAsync();
        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        return harness;
    }
}
