using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>While an upgrade rolls out, this runner may speak to a gateway that does not know its newer records.</summary>
internal sealed class OlderGatewayTests
{
    private const string Tools = """[{"name":"odd","inputSchema":false},{"name":"act","description":"Acts.","inputSchema":{"type":"object"}}]""";

    private RawMcpServer _server = null!;

    [SetUp]
    public async Task StartServerAsync()
    {
        _server = await RawMcpServer.StartAsync();
        _server.Tools = Tools;
    }

    [TearDown]
    public async Task StopServerAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Start_TheToolListIsNotKnown_GoesOnWithoutIt()
    {
        await using var harness = await StartAsync();

        await harness.SucceedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(harness.Journal.Records.All(record => RecordKinds.SchemaVersionOf(record.Kind) == 1));
            Assert.That(harness.Journal.Records[2].Kind, Is.EqualTo(RecordKinds.ToolsLeftOut), "tools that cannot be used are still named");
            Assert.That(harness.Gateway.Sampled[0].Body, Does.Contain("s_act").And.Not.Contain("s_odd"));
            Assert.That(harness.Gateway.Refused, Is.EqualTo(1), "it is not asked again");
        });
    }

    /// <summary>The list is recorded if the upgrade ends before the first answer, and not after that.</summary>
    [Test]
    public async Task Resume_TheGatewayIsUpgradedBetweenTwoAttempts_SendsTheSame([Range(1, 9)] int crashAt, [Values] bool afterAnswer)
    {
        await using var whole = await StartAsync();
        await whole.SucceedAsync();
        await using var harness = await StartAsync();
        using var crashing = new CrashingTransport(new SocketsHttpHandler(), crashAt, afterAnswer);
        await harness.RunAttemptAsync(crashing);
        var isAnswered = harness.Journal.Count(RecordKinds.ModelAnswer) > 0;
        harness.Gateway.NewestVersion = JournalRecord.CurrentSchemaVersion;

        await harness.RunAttemptAsync();

        Assert.Multiple(() =>
        {
            Assert.That(harness.Journal.Finished?.Result, Is.EqualTo("done"));
            Assert.That(harness.Journal.Count(RecordKinds.ToolsListed), Is.EqualTo(isAnswered ? 0 : 1));
            Assert.That(harness.Gateway.Sampled.Select(request => request.Body), Is.EqualTo(whole.Gateway.Sampled.Select(request => request.Body)));
        });
    }

    [Test]
    public async Task Shorten_TheRecordIsNotKnown_EndsTheAttemptAndTheNextOneGoesOn()
    {
        await using var harness = await RunnerHarness.StartAsync(
            RunnerHarness.RunWithShell(ToolEffect.Pure), ModelStep.Shell("head -c 15000 /dev/zero | tr '\\0' x"), ModelStep.Say("done"));
        harness.Gateway.MaxRequestBytes = 9000;
        harness.Gateway.NewestVersion = 1;

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.GatewayUnavailable)));
        Assert.That(exit.Message, Does.Contain(RecordKinds.ContextShortened));
        harness.Gateway.NewestVersion = JournalRecord.CurrentSchemaVersion;
        await harness.SucceedAsync();
        Assert.That(harness.Journal.Count(RecordKinds.ContextShortened), Is.Positive);
    }

    private async Task<RunnerHarness> StartAsync()
    {
        var harness = await McpWorld.StartAsync(_server.Url, ToolEffect.Pure, calls: 2);
        harness.Gateway.NewestVersion = 1;
        return harness;
    }
}
