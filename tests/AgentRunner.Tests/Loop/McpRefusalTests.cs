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

        await AssertEndsAtOnceAsync(server, "answers with a web page. Its URL may lead to a login page");
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
