using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>Tools of an MCP server.</summary>
internal sealed class McpTests
{
    [Test]
    public async Task Mcp_ToolsOfAServer_AreAdvertisedSortedSanitisedAndAsAllowed()
    {
        await using var server = await TestMcpServer.StartAsync();
        await using var harness = await RunnerHarness.StartAsync(Run(server, ToolEffect.Pure, "text.echo", "fail"), ModelStep.Say("done"));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        using var request = JsonDocument.Parse(harness.Gateway.Sampled[0].Body);
        var names = request.RootElement.GetProperty("tools").EnumerateArray()
            .Select(tool => tool.GetProperty("function").GetProperty("name").GetString());
        Assert.That(names, Is.EqualTo(new[] { "records_fail", "records_text_echo" }));
    }

    [Test]
    public async Task Mcp_Call_CarriesArgumentsExactlyAndTheKey()
    {
        await using var server = await TestMcpServer.StartAsync();
        await using var harness = await RunnerHarness.StartAsync(
            Run(server, ToolEffect.Keyed),
            ModelStep.Call(new ToolCall("1", "records_text_echo", """{"value":{"n":1.50,"big":12345678901234567890,"s":"7"}}""")),
            ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        var key = harness.Journal.Records.Single(record => record.Kind == RecordKinds.ToolIntent).StepKey;
        Assert.That(
            harness.Journal.Outcomes(RecordKinds.ToolResult).Single().Content,
            Is.EqualTo($$"""value={"n":1.50,"big":12345678901234567890,"s":"7"} key={{key}}"""));
    }

    [Test]
    public async Task Mcp_ToolSaysError_IsAFailure()
    {
        await using var server = await TestMcpServer.StartAsync();
        await using var harness = await RunnerHarness.StartAsync(
            Run(server, ToolEffect.Pure), ModelStep.Call(new ToolCall("1", "records_fail", "")), ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Is.EqualTo("no such record"));
    }

    [Test]
    public async Task Mcp_ServerGoesAwayDuringTheRun_FailsTheCallAndTheRunGoesOn()
    {
        await using var server = await TestMcpServer.StartAsync();
        await using var harness = await RunnerHarness.StartAsync(
            Run(server, ToolEffect.Pure), ModelStep.Call(new ToolCall("1", "records_fail", "{}")), ModelStep.Say("done"));
        harness.Gateway.BeforeAnswer = async (_, _) => await server.DisposeAsync();

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Does.Contain("'records' did not take the call"));
    }

    [Test]
    public async Task Mcp_AllowedToolIsNotThere_IsWaitedFor()
    {
        await using var server = await TestMcpServer.StartAsync();
        await using var harness = await RunnerHarness.StartAsync(Run(server, ToolEffect.Pure, "delete"), ModelStep.Say("never"));

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
        Assert.That(exit.Message, Does.Contain("does not list the tool 'delete'"));
        Assert.That(harness.Journal.Count(RecordKinds.ToolsListed), Is.Zero, "the next attempt lists them again");
    }

    [Test]
    public async Task Mcp_ServerStaysAway_EndsTheAttempt()
    {
        var server = await TestMcpServer.StartAsync();
        await server.DisposeAsync();
        await using var harness = await RunnerHarness.StartAsync(Run(server, ToolEffect.Pure), ModelStep.Say("never"));
        harness.Patience = TimeSpan.FromMilliseconds(1);

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
    }

    private static RunDescription Run(TestMcpServer server, ToolEffect effect, params string[] allow) => RunnerHarness.DefaultRun with
    {
        Tools = [new ToolDefinition { Name = "records", Effect = effect, McpUrl = server.Url.ToString(), Allow = allow }],
    };
}
