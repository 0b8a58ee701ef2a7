using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>Sessions with an MCP server: what ends one, and what becomes of the calls.</summary>
internal sealed class McpSessionTests
{
    private static readonly string[] ResultTwice = [RecordKinds.ToolResult, RecordKinds.ToolResult];
    private static readonly string[] UnknownThenResult = [RecordKinds.ToolUnknown, RecordKinds.ToolResult];
    private static readonly string[] FailedThenResult = [RecordKinds.ToolFailed, RecordKinds.ToolResult];

    private static IEnumerable<TestCaseData> Refusals()
    {
        yield return Case("as specified", 404, """{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}""");
        yield return Case("without a body", 404, "");
        yield return Case(
            "JSON-RPC in a 400", 400, """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: No valid session ID provided"},"id":null}""");
        yield return Case(
            "with an id", 400, """{"jsonrpc":"2.0","error":{"code":-32600,"message":"Bad Request: No valid session ID"},"id":"server-error"}""");
        yield return Case(
            "a new process", 400, """{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},"id":null}""");
        yield return Case("text in a 401", 401, "Unauthorized: Session not found", "text/plain");
        yield return Case("text in a 400", 400, "Invalid or missing session ID", "text/plain");

        static TestCaseData Case(string name, int status, string body, string type = "application/json") =>
            new TestCaseData(status, body, type).SetArgDisplayNames(name);
    }

    [Test]
    public async Task Call_TimesOut_IsCanceledAndTheSessionGoesOn([Values] ToolEffect effect)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.UnknownSession = context => RawMcpServer.WriteAsync(context, "", 404);
        var serve = server.Answer;
        server.Answer = async (context, id) =>
        {
            server.Answer = serve;
            await RawMcpServer.WaitUntilGoneAsync(context);
        };
        await using var harness = await McpWorld.StartAsync(server.Url, effect, calls: 2, stepTimeoutSeconds: 3);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(effect == ToolEffect.Irreversible ? UnknownThenResult : FailedThenResult));
        var canceled = server.Of("notifications/cancelled").Select(message => message["params"]!["requestId"]!.ToJsonString());

        // When the request is given up, the client library may tell the server once more.
        Assert.That(canceled.Distinct(), Is.EqualTo(new[] { server.Of("tools/call")[0]["id"]!.ToJsonString() }));
        Assert.That(server.Of("initialize"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_TimesOutAndTheServerAnswersThatItCanceled_IsNotTakenForARefusal()
    {
        await using var server = await RawMcpServer.StartAsync();
        var canceled = new TaskCompletionSource();
        server.Intercept = async (context, message) =>
        {
            if ((string?)message?["method"] == "notifications/cancelled")
            {
                canceled.TrySetResult();
            }
            else if ((string?)message?["method"] == "tools/call")
            {
                await canceled.Task;
                await RawMcpServer.WriteAsync(
                    context, $$$"""{"jsonrpc":"2.0","id":{{{message!["id"]}}},"error":{"code":0,"message":"Request cancelled"}}""");
                return true;
            }

            return false;
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1, stepTimeoutSeconds: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolUnknown }));
    }

    [Test]
    public async Task Call_TimesOutAndTheServerRefusesToHearIt_NextCallBeginsANewSession()
    {
        await using var server = await RawMcpServer.StartAsync();
        var serve = server.Answer;
        server.Answer = async (context, id) =>
        {
            server.Answer = serve;
            await RawMcpServer.WaitUntilGoneAsync(context);
        };
        server.Intercept = async (context, message) =>
        {
            var isCancel = (string?)message?["method"] == "notifications/cancelled";
            await (isCancel ? RawMcpServer.WriteAsync(context, "", 503) : Task.CompletedTask);
            return isCancel;
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 2, stepTimeoutSeconds: 3);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(UnknownThenResult));
        Assert.That(server.Of("initialize"), Has.Count.EqualTo(2));
    }

    [TestCaseSource(nameof(Refusals))]
    public async Task Call_InASessionThatTheServerForgot_BeginsANewOneAndIsSentAgain(int status, string body, string type)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.UnknownSession = context => RawMcpServer.WriteAsync(context, body, status, type);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 2);
        harness.Gateway.BeforeAnswer = (_, _) =>
        {
            server.ForgetSessions();
            return Task.CompletedTask;
        };

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(ResultTwice));
        Assert.That(server.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Call_NoSessionIsEverKnown_IsAFailureAfterTheSecond()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.UnknownSession = context => RawMcpServer.WriteAsync(context, "", 404);
        server.Intercept = (_, message) =>
        {
            if ((string?)message?["method"] == "tools/call")
            {
                server.ForgetSessions();
            }

            return Task.FromResult(false);
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("The tool was not called."));
        Assert.That((server.Of("tools/call").Count, server.Calls.Count), Is.EqualTo((2, 0)));
    }

    [TestCase(400, """{"jsonrpc":"2.0","error":{"code":-32602,"message":"Bad arguments"},"id":null}""")]
    [TestCase(400, "Bad arguments")]
    [TestCase(401, "The token has expired")]
    [TestCase(403, "The session may not do this")]
    public async Task Call_RefusedForAnotherReason_IsNotSentAgain(int status, string body)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.UnknownSession = context => RawMcpServer.WriteAsync(context, "", 404);
        server.Answer = (context, _) => RawMcpServer.WriteAsync(context, body, status);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain(status.ToString(null, null)));
        Assert.That(server.Calls, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Call_ErrorOfTheToolSpeaksOfASession_IsNotSentAgain()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.UnknownSession = context => RawMcpServer.WriteAsync(context, "", 404);
        server.Answer = (context, id) => RawMcpServer.WriteAsync(
            context, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"error":{"code":-32001,"message":"Browser session not found"}}""");
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That(server.Calls, Has.Count.EqualTo(1));
        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolUnknown }));
    }
}
