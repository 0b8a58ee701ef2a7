using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>MCP servers that speak only the older HTTP+SSE transport.</summary>
internal sealed class McpLegacyServerTests
{
    private static readonly string[] Result = [RecordKinds.ToolResult];
    private static readonly string[] ResultTwice = [RecordKinds.ToolResult, RecordKinds.ToolResult];
    private static readonly string[] UnknownThenResult = [RecordKinds.ToolUnknown, RecordKinds.ToolResult];

    private static string Text(int length) => $$"""{"content":[{"type":"text","text":"{{new string('x', length)}}"}]}""";

    [TestCase(400)]
    [TestCase(404)]
    [TestCase(405)]
    public async Task Call_OfAServerThatTakesNoPostAtItsUrl_Runs(int status)
    {
        await using var server = await SseMcpServer.StartAsync();
        server.RefusalOfPost = status;
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 2);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(ResultTwice));
        Assert.That(server.Sessions, Is.EqualTo(1));
    }

    [Test]
    public async Task Call_TimesOut_IsCanceledAndTheSessionGoesOn()
    {
        await using var server = await SseMcpServer.StartAsync();
        server.Result = number => number == 1 ? null : Text(1);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 2, stepTimeoutSeconds: 3);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(UnknownThenResult));
        var canceled = server.Of("notifications/cancelled").Select(message => message["params"]!["requestId"]!.ToJsonString());

        // When the request is given up, the client library may tell the server once more.
        Assert.That(canceled.Distinct(), Is.EqualTo(new[] { server.Of("tools/call")[0]["id"]!.ToJsonString() }));
        Assert.That(server.Sessions, Is.EqualTo(1));
    }

    [Test]
    public async Task Result_TooLarge_IsNotReadAndTheNextCallBeginsANewSession()
    {
        await using var server = await SseMcpServer.StartAsync();
        server.Result = number => Text(number == 1 ? 8 * 1024 * 1024 : 1);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 2);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(UnknownThenResult));
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolUnknown).Single().Content, Does.StartWith("The tool ran, and its result was not read"));
        Assert.That(server.Sessions, Is.EqualTo(2));
    }

    [TestCase(404, "Could not find session", false)]
    [TestCase(400, "No transport found for sessionId", false)]
    [TestCase(404, "", true)]
    public async Task Call_InASessionThatTheServerForgot_BeginsANewOneAndRunsOnce(int status, string body, bool endStreams)
    {
        await using var server = await SseMcpServer.StartAsync();
        server.UnknownSession = (status, body);
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 1);
        harness.Gateway.BeforeAnswer = (_, _) =>
        {
            server.ForgetSessions(endStreams);
            return Task.CompletedTask;
        };

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(Result));
        Assert.That(server.Of("tools/call"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Stream_EndsAfterTheCallWasSent_OfAnIrreversibleToolIsUnknown()
    {
        await using var server = await SseMcpServer.StartAsync();
        server.Result = number =>
        {
            if (number == 1)
            {
                server.ForgetSessions(endStreams: true);
            }

            return number == 1 ? null : Text(1);
        };
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Irreversible, calls: 2);

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(UnknownThenResult));
        Assert.That(server.Of("tools/call"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Start_ServerNamesAnEndpointElsewhere_IsRefused()
    {
        await using var elsewhere = await SseMcpServer.StartAsync();
        await using var server = await SseMcpServer.StartAsync();
        server.Endpoint = new Uri(elsewhere.Url, "messages");
        await using var harness = await McpWorld.StartAsync(server.Url, ToolEffect.Pure, calls: 1);

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
        Assert.That(exit.Message, Does.Contain("wants its messages sent to another host or port"));
        Assert.That(elsewhere.Of("initialize"), Is.Empty);
    }
}
