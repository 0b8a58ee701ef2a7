using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>What MCP servers answer when an attempt starts: what passes is waited out, and what does not ends the attempt at once.</summary>
internal sealed class McpRefusalTests
{
    [TestCase(401, "text/plain", "refuses access (401). The agent sends it no credentials")]
    [TestCase(403, "application/json", "refuses access (403)")]
    [TestCase(404, "text/html", "has nothing at its URL (404)")]
    [TestCase(405, "text/plain", "does not take MCP requests at its URL (405), neither as streamable HTTP nor as HTTP with SSE")]
    [TestCase(400, "text/plain", "does not take MCP requests at its URL (400)")]
    [TestCase(406, "text/plain", "does not take MCP requests at its URL (406)")]
    [TestCase(200, "text/html", "answers with a web page")]
    public async Task Start_ServerRefuses_EndsTheAttemptAtOnceAndSaysWhatToDo(int status, string type, string expected)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = async (context, _) =>
        {
            await RawMcpServer.WriteAsync(context, "<html>secret</html>", status, type);
            return true;
        };

        await AssertEndsAtOnceAsync(server, expected);
    }

    [Test]
    public async Task Start_ServerRedirectsToALoginPage_EndsTheAttemptAtOnceAndSaysSo()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = async (context, message) =>
        {
            if (message is null)
            {
                await RawMcpServer.WriteAsync(context, "<html>Log in</html>", 200, "text/html");
            }
            else
            {
                context.Response.Redirect("/mcp");
            }

            return true;
        };

        await AssertEndsAtOnceAsync(server, "redirects (302) to another page, which may be a login page");
    }

    private static IEnumerable<string> OddHandshakes() =>
    [
        "{}", "[]", "7", "null", "", "Not JSON", "\"ok\"", """{"jsonrpc":"2.0"}""", """{"jsonrpc":"1.0","id":$ID,"result":{}}""",
        """{"jsonrpc":"2.0","id":$ID,"result":null}""", """{"jsonrpc":"2.0","id":$ID,"result":{}}""", """{"jsonrpc":"2.0","id":$ID,"result":[]}""",
        """{"jsonrpc":"2.0","id":$ID,"result":{"protocolVersion":"1999-01-01","capabilities":{},"serverInfo":{"name":"x","version":"1"}}}""",
        """{"jsonrpc":"2.0","id":$ID,"result":{"protocolVersion":7,"capabilities":{},"serverInfo":{"name":"x","version":"1"}}}""",
        """{"jsonrpc":"2.0","id":$ID,"result":{"protocolVersion":"2025-06-18","capabilities":null,"serverInfo":null}}""",
        """{"jsonrpc":"2.0","id":$ID,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":7},"serverInfo":"x"}}""",
        """{"jsonrpc":"2.0","id":$ID,"error":{"code":-32000,"message":"The backend is not up yet"}}""",
        """{"jsonrpc":"2.0","id":$ID,"error":"no"}""", """{"jsonrpc":"2.0","id":{},"result":{}}""", """{"error":"no healthy upstream"}""",
        """{"jsonrpc":"2.0","id":$ID,"result":{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"\ud83c","version":"1"}}}""",
    ];

    [Test]
    public async Task Start_HandshakeIsOdd_IsTheServersFaultAndNotTheRuns(
        [ValueSource(nameof(OddHandshakes))] string answer, [Values("application/json", "text/event-stream")] string type)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = async (context, message) =>
        {
            var isHandshake = message?["id"] is not null;
            var body = answer.Replace("$ID", message?["id"]?.ToJsonString(), StringComparison.Ordinal);
            var sent = type == "text/event-stream" ? $"data: {body}\n\n" : body;
            await (isHandshake ? RawMcpServer.WriteAsync(context, sent, 200, type) : Task.CompletedTask);
            return isHandshake;
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);
        harness.Patience = TimeSpan.FromMilliseconds(1);

        var exit = await harness.RunAttemptAsync();

        Assert.That(
            (exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)), exit.Message);
    }

    [TestCase("")]
    [TestCase("http://[::bad")]
    [TestCase("http://127.0.0.1:99999/messages")]
    [TestCase("http://127.0.0.1:\\@evil/")]
    [TestCase("\u001B[31m")]
    [TestCase("//")]
    [TestCase("mailto:a@b")]
    [TestCase("{}")]
    [TestCase("\ud83c")]
    public async Task Start_LegacyEndpointIsOdd_IsTheServersFaultAndNotTheRuns(string endpoint)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = async (context, message) =>
        {
            await (message is null
                ? RawMcpServer.WriteAsync(context, $"event: endpoint\ndata: {endpoint}\n\n", 200, "text/event-stream")
                : RawMcpServer.WriteAsync(context, "", 405));
            return true;
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);
        harness.Patience = TimeSpan.FromMilliseconds(1);

        var exit = await harness.RunAttemptAsync();

        Assert.That(
            (exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)), exit.Message);
    }

    [TestCase(503)]
    [TestCase(429)]
    [TestCase(500)]
    public async Task Start_ServerIsNotReadyYet_IsWaitedFor(int status)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = async (context, _) =>
        {
            var isReady = server.Messages.Count > 2;
            await (isReady ? Task.CompletedTask : RawMcpServer.WriteAsync(context, "", status));
            return !isReady;
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult }));
    }

    private static async Task AssertEndsAtOnceAsync(RawMcpServer server, string expected)
    {
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
        Assert.That(exit.Message, Does.StartWith("The MCP server 's' ").And.Contain(expected).And.Not.Contain("secret"));

        // The handshakes of both protocol versions and transports, once each.
        Assert.That(server.Messages, Has.Count.LessThanOrEqualTo(4));
    }
}
