using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>MCP servers that say that they are elsewhere. What a tool is called with goes to no other server.</summary>
internal sealed class McpRedirectTests
{
    [Test]
    public async Task Server_RedirectsToAnotherPathOfItsOwn_IsFollowed([Values] bool isPermanent)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = (context, _) =>
            context.Request.Path == "/mcp" ? RedirectAsync(context, isPermanent ? 308 : 307, "/mcp/") : Task.FromResult(false);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That((harness.Outcomes().Single(), server.Calls.Count), Is.EqualTo((RecordKinds.ToolResult, 1)));
    }

    [Test]
    public async Task Start_ServerRedirectsToAnotherServer_IsNotFollowedAndSaysWhere([Values(301, 302, 303, 307, 308)] int status)
    {
        await using var elsewhere = await RawMcpServer.StartAsync();
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = (context, _) => RedirectAsync(context, status, $"{elsewhere.Url}?token=hidden");

        var message = await FailAsync(server);

        Assert.That(
            message, Does.StartWith($"The MCP server 's' redirects ({status}) to {elsewhere.Url.GetLeftPart(UriPartial.Authority)}, and redirects"));
        Assert.That(message, Does.Not.Contain("hidden"));
        Assert.That(elsewhere.Messages, Is.Empty);
    }

    /// <summary>After the session began: its id and the call's arguments stay with the server.</summary>
    [Test]
    public async Task Call_ServerRedirectsItToAnotherServer_IsNotFollowed()
    {
        await using var elsewhere = await RawMcpServer.StartAsync();
        await using var server = await RawMcpServer.StartAsync();
        server.Answer = (context, _) => RedirectAsync(context, 307, elsewhere.Url.ToString());
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolUnknown }));
        Assert.That(elsewhere.Messages, Is.Empty);
    }

    [TestCase(302, "/mcp/", "redirects (302) to another page, which may be a login page")]
    [TestCase(307, "http://h:99999/", "redirects (307) to an address that cannot be used")]
    [TestCase(308, "", "redirects (308) to an address that cannot be used")]
    [TestCase(307, "/mcp", "redirects in a circle")]
    public async Task Start_RedirectLeadsNowhere_SaysWhy(int status, string location, string expected)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Intercept = (context, _) => RedirectAsync(context, status, location);

        Assert.That(await FailAsync(server), Does.Contain(expected));
    }

    private static Task<bool> RedirectAsync(Microsoft.AspNetCore.Http.HttpContext context, int status, string location)
    {
        context.Response.StatusCode = status;
        if (location.Length > 0)
        {
            context.Response.Headers.Location = location;
        }

        return Task.FromResult(true);
    }

    private static async Task<string> FailAsync(RawMcpServer server)
    {
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);

        var exit = await harness.RunAttemptAsync();

        Assert.That(
            (exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)), exit.Message);
        return exit.Message;
    }
}
