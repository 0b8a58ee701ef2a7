using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>The tools that an MCP server lists: any schema is passed on as it is, and what cannot be used costs only itself.</summary>
internal sealed class McpToolListTests
{
    private const string Plain = """{"name":"plain","inputSchema":{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}}""";

    [TestCase("""{"type":"object"}""")]
    [TestCase("""{}""")]
    [TestCase("""{"properties":{"a":true,"b":false}}""")]
    [TestCase("""{"type":["object","null"]}""")]
    [TestCase("""{"type":"string"}""")]
    [TestCase("""{"type":"object","properties":{},"additionalProperties":true}""")]
    [TestCase("""{"type":"object","additionalProperties":{"type":"number"},"patternProperties":{"^a":{}},"minProperties":1}""")]
    [TestCase("""{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"x":{"type":"string"}},"type":"object","properties":{"a":{"$ref":"#/$defs/x"}},"$ref":"#/$defs/x"}""")]
    [TestCase("""{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"x":{}},"type":"object","dependencies":{"a":["b"]},"if":{},"then":false}""")]
    [TestCase("""{"anyOf":[{"type":"object"},{"required":["a"]}]}""")]
    [TestCase("""{"oneOf":[true,{"not":{}}],"allOf":[{"type":"object"}],"title":7}""")]
    [TestCase("""{"type":"object","required":true,"properties":[]}""")]
    [TestCase("""{"type":"object","required":"a","properties":null}""")]
    [TestCase("""{"type":"object","properties":{"a":{"type":"wrong","enum":5,"default":1.50,"const":12345678901234567890}}}""")]
    [TestCase("""{"type":"object","properties":{"a":{"description":"caf\u00E9 \u003Cb\u003E"}}}""")]
    [TestCase("""{"type":7}""")]
    public async Task Schema_OfAnyShape_IsSentAsItIs(string schema)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = $$"""[{"name":"odd","description":"Odd.","inputSchema":{{schema}} },{{Plain}}]""";
        await using var harness = await StartAsync(server, ModelStep.Say("done"));

        Assert.That((await harness.RunAttemptAsync()).Code, Is.EqualTo(RunnerExitCodes.Done));

        using var request = JsonDocument.Parse(harness.Gateway.Sampled[0].Body);
        var function = request.RootElement.GetProperty("tools")[0].GetProperty("function");
        Assert.Multiple(() =>
        {
            Assert.That(function.GetProperty("parameters").GetRawText(), Is.EqualTo(schema));
            Assert.That(function.EnumerateObject().Select(property => property.Name), Is.EquivalentTo(new[] { "name", "description", "parameters" }));
            Assert.That(Names(harness), Is.EqualTo(new[] { "s_odd", "s_plain" }));
            Assert.That(harness.Journal.Count(RecordKinds.ToolsLeftOut), Is.Zero);
        });
    }

    [TestCase("true")]
    [TestCase("null")]
    public async Task Schema_ThatTakesAnything_IsSentAsAnObjectThatDoes(string schema)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = $$"""[{"name":"any","inputSchema":{{schema}} }]""";
        await using var harness = await StartAsync(server, ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        using var request = JsonDocument.Parse(harness.Gateway.Sampled[0].Body);
        Assert.That(
            request.RootElement.GetProperty("tools")[0].GetProperty("function").GetProperty("parameters").GetRawText(),
            Is.EqualTo("""{"type":"object"}"""));
    }

    [TestCase("""{"name":"odd","inputSchema":"object"}""", "s_odd", "a string, not an object")]
    [TestCase("""{"name":"odd","inputSchema":7}""", "s_odd", "a number, not an object")]
    [TestCase("""{"name":"odd","inputSchema":[{"type":"object"}]}""", "s_odd", "an array, not an object")]
    [TestCase("""{"name":"odd","inputSchema":false}""", "s_odd", "no arguments can match")]
    [TestCase("""{"name":"odd","inputSchema":{"title":"\ud83c"}}""", "s_odd", "not Unicode")]
    [TestCase("""{"name":"odd","inputSchema":{}},{"name":"odd","inputSchema":{}}""", "s_odd", "several tools of this name")]
    [TestCase("""{"description":"nameless","inputSchema":{}}""", "s", "without a readable name")]
    [TestCase("""{"name":"","inputSchema":{}}""", "s", "without a readable name")]
    [TestCase("""{"name":{},"inputSchema":{}},null,7,"x",[]""", "s", "without a readable name")]
    public async Task Tool_ThatCannotBeUsed_IsLeftOutAndRecordedBeforeTheModelIsAsked(string tool, string name, string reason)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = $"[{tool},{Plain}]";
        await using var harness = await StartAsync(server, ModelStep.Say("done"));

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        var leftOut = LeftOut(harness).Single();
        Assert.Multiple(() =>
        {
            Assert.That(Names(harness), Is.EqualTo(new[] { "s_plain" }));
            Assert.That(leftOut.Tool, Is.EqualTo(name));
            Assert.That(leftOut.Reason, Does.Contain(reason));
            Assert.That(harness.Journal.Records.Select(record => record.Kind).Skip(2).Take(2),
                Is.EqualTo(new[] { RecordKinds.ToolsListed, RecordKinds.ToolsLeftOut }));
        });
    }

    [Test]
    public async Task Tool_ThatIsNotAllowed_IsNotSpokenOf()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = $$"""[{"name":"odd","inputSchema":7},{"inputSchema":{} },{{Plain}}]""";
        await using var harness = await StartAsync(server, ["plain"], ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Count(RecordKinds.ToolsLeftOut), Is.Zero);
    }

    [Test]
    public async Task Tool_LeftOut_WhenTheModelCallsIt_IsAnsweredWithTheOthers()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = $$"""[{"name":"odd","inputSchema":{} },{{Plain}}]""";
        await using var harness = await StartAsync(server, ModelStep.Call(new ToolCall("1", "s_odd", "{}")), ModelStep.Say("done"));
        harness.Gateway.Refuses = body => Advertises(body, "s_odd") ? ["s_odd"] : [];

        await harness.RunAttemptAsync();

        Assert.That(server.Calls, Is.Empty);
        Assert.That(
            harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Is.EqualTo("There is no tool named 's_odd'. The tools are: s_plain."));
    }

    [Test]
    public async Task Resume_TheServerMendedTheTool_GoesOnWithoutIt()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = $$"""[{"name":"odd","inputSchema":7},{{Plain}}]""";
        await using var harness = await StartAsync(server, ModelStep.Call(new ToolCall("1", "s_plain", "{}")), ModelStep.Say("done"));
        await harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt: 6));
        server.Tools = $$"""[{"name":"odd","inputSchema":{} },{{Plain}}]""";

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        Assert.That(harness.Journal.Count(RecordKinds.ToolsLeftOut), Is.EqualTo(1));
        Assert.That(Names(harness), Is.EqualTo(new[] { "s_plain" }));
    }

    [Test]
    public async Task Provider_RefusesTools_IsAskedAgainWithoutThem()
    {
        await using var server = await RawMcpServer.StartAsync();
        await using var harness = await StartRefusedAsync(server, firstAnswer: 0);

        var exit = await harness.RunAttemptAsync();

        Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
        Assert.Multiple(() =>
        {
            Assert.That(Names(harness), Is.EqualTo(new[] { "s_plain" }));
            Assert.That(LeftOut(harness).Select(tool => tool.Tool), Is.EqualTo(new[] { "s_a", "s_b" }));
            Assert.That(
                LeftOut(harness).First().Reason,
                Is.EqualTo("the provider refuses it: the model endpoint answered 400 (invalid_function_parameters)"));
        });
    }

    [Test]
    public async Task Provider_RefusesATool_ThatTheRequestDoesNotHave_EndsTheRun()
    {
        await using var server = await RawMcpServer.StartAsync();
        await using var harness = await StartAsync(server, ModelStep.Say("never"));
        harness.Gateway.Refuses = _ => ["another"];

        await harness.RunAttemptAsync();

        Assert.That(harness.Journal.Finished?.Reason, Is.EqualTo("ModelRejected"));
        Assert.That(harness.Journal.Count(RecordKinds.ToolsLeftOut), Is.Zero);
    }

    /// <summary>Killed at any request, the run asks and does what it would have, and leaves each tool out once.</summary>
    [Test]
    public async Task Resume_AfterACrashAnywhere_LeavesOutTheSameTools([Values(0, 1)] int firstAnswer, [Values] bool afterAnswer)
    {
        await using var server = await RawMcpServer.StartAsync();
        await using var whole = await StartRefusedAsync(server, firstAnswer);
        var counting = new CrashingTransport(new SocketsHttpHandler());
        Assert.That((await whole.RunAttemptAsync(counting)).Code, Is.EqualTo(RunnerExitCodes.Done));
        Assert.That(LeftOut(whole).Select(tool => tool.Tool), Is.EqualTo(new[] { "s_a", "s_b" }));

        for (var crashAt = 1; crashAt <= counting.Count; crashAt++)
        {
            await using var harness = await StartRefusedAsync(server, firstAnswer);
            await harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt, afterAnswer));
            var exit = await harness.RunAttemptAsync();

            Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), $"crash at {crashAt}: {exit.Message}");
            Assert.That(harness.Gateway.Sampled.Select(request => (request.Body, request.StepKey)),
                Is.EqualTo(whole.Gateway.Sampled.Select(request => (request.Body, request.StepKey))), $"crash at {crashAt}");
            Assert.That(LeftOut(harness), Is.EqualTo(LeftOut(whole)), $"crash at {crashAt}");
        }
    }

    [Test]
    public async Task List_InPages_IsReadWhole()
    {
        await using var server = await RawMcpServer.StartAsync();
        server.Tools = Plain;
        server.ListPage = cursor => cursor is null
            ? """{"tools":[{"name":"b","inputSchema":{}}],"nextCursor":"2"}"""
            : """{"tools":[{"name":"a","inputSchema":{}}],"ttlMs":"soon"}""";
        await using var harness = await StartAsync(server, ModelStep.Say("done"));

        await harness.RunAttemptAsync();

        Assert.That(Names(harness), Is.EqualTo(new[] { "s_a", "s_b" }));
    }

    [TestCase("{}")]
    [TestCase("[]")]
    [TestCase("""{"tools":{}}""")]
    public async Task List_ThatIsNone_IsAServerThatDoesNotAnswer(string answer)
    {
        await using var server = await RawMcpServer.StartAsync();
        server.ListPage = _ => answer;
        await using var harness = await StartAsync(server, ModelStep.Say("never"));
        harness.Patience = TimeSpan.FromMilliseconds(1);

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
    }

    /// <summary>A run whose provider refuses two tools, one after the other, from some answer on.</summary>
    private static async Task<RunnerHarness> StartRefusedAsync(RawMcpServer server, int firstAnswer)
    {
        server.Tools = $$"""[{"name":"a","inputSchema":{} },{"name":"b","inputSchema":{} },{{Plain}}]""";
        var harness = await StartAsync(
            server, ModelStep.Call(new ToolCall("1", "s_plain", "{}")), ModelStep.Call(new ToolCall("1", "s_plain", "{}")), ModelStep.Say("done"));
        harness.Gateway.Refuses = body => !body.Contains("\"role\":\"assistant\"", StringComparison.Ordinal) && firstAnswer > 0 ? []
            : Advertises(body, "s_a") ? ["s_a"]
            : Advertises(body, "s_b") ? ["s_b"]
            : [];
        return harness;
    }

    private static bool Advertises(string body, string tool)
    {
        using var request = JsonDocument.Parse(body);
        return request.RootElement.TryGetProperty("tools", out var tools) && tools.EnumerateArray().Any(
            advertised => advertised.GetProperty("function").GetProperty("name").GetString() == tool);
    }

    private static List<string?> Names(RunnerHarness harness)
    {
        using var request = JsonDocument.Parse(harness.Gateway.Sampled[^1].Body);
        return
        [
            .. request.RootElement.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("function").GetProperty("name").GetString()),
        ];
    }

    private static IEnumerable<LeftOutTool> LeftOut(RunnerHarness harness) =>
        harness.Journal.Records.Where(record => record.Kind == RecordKinds.ToolsLeftOut)
        .SelectMany(record => record.Payload.Deserialize(ProtocolJson.Default.ToolsLeftOutPayload)!.Tools);

    private static Task<RunnerHarness> StartAsync(RawMcpServer server, params ModelStep[] script) => StartAsync(server, [], script);

    private static Task<RunnerHarness> StartAsync(RawMcpServer server, IReadOnlyList<string> allow, params ModelStep[] script) =>
        RunnerHarness.StartAsync(
        RunnerHarness.DefaultRun with
        {
            Tools = [new ToolDefinition { Name = "s", Effect = ToolEffect.Pure, McpUrl = server.Url.ToString(), Allow = allow }],
        },
        script);
}
