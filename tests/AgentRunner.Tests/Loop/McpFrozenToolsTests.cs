using System.Text.Json;
using AgentOperator.Protocol;
using AgentRunner.Exits;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

/// <summary>The tools that a run started with are in the journal: what a server lists later changes no request.</summary>
internal sealed class McpFrozenToolsTests
{
    private const string Act = """{"name":"act","description":"Acts.","inputSchema":{"type":"object"}}""";
    private const string Reworded = """{"name":"act","description":"Acts, and how.","inputSchema":{"type":"object","title":"Of act."}}""";
    private const string Changed = """{"name":"act","description":"Acts.","inputSchema":{"type":"object","required":["a"]}}""";
    private const string Other = """{"name":"a.act","description":"Acts first.","inputSchema":{}}""";

    private static readonly string[] CalledOnce = ["act"];

    /// <summary>Requests of the runner: 1 its description, 2 the tools, 3 the model, 4 the intent, 5 the outcome.</summary>
    private const int Model = 3;
    private const int Intent = 4;
    private const int Outcome = 5;

    private RawMcpServer _server = null!;
    private RunnerHarness? _harness;

    [SetUp]
    public async Task StartServerAsync()
    {
        _server = await RawMcpServer.StartAsync();
        _server.Tools = $"[{Act}]";
    }

    [TearDown]
    public async Task StopServerAsync()
    {
        await _server.DisposeAsync();
        if (_harness is not null)
        {
            await _harness.DisposeAsync();
        }
    }

    [Test]
    public async Task Start_ListsTheTools_BeforeTheModelIsAsked()
    {
        var harness = await StartAsync(ToolEffect.Keyed, calls: 1);

        await harness.SucceedAsync();

        Assert.That(harness.Journal.Records[2].Kind, Is.EqualTo(RecordKinds.ToolsListed));
        Assert.That(harness.Journal.Records[2].Payload.GetRawText(), Is.EqualTo(
            """{"tools":[{"name":"s_act","description":"Acts.","inputSchema":"{\u0022type\u0022:\u0022object\u0022}","effect":"Keyed","server":"s","serverTool":"act"}]}"""));
    }

    [Test]
    public async Task Start_OfARunWithoutTools_WritesNoRecord()
    {
        _harness = await RunnerHarness.StartAsync(RunnerHarness.DefaultRun with { Tools = [] }, ModelStep.Say("done"));

        await _harness.SucceedAsync();

        Assert.That(_harness.Journal.Count(RecordKinds.ToolsListed), Is.Zero);
    }

    [TestCase(Reworded)]
    [TestCase(Act + "," + Other)]
    [TestCase(Other + "," + Reworded + ",7,{}")]
    public async Task Resume_AToolIsRewordedOrNew_OffersWhatTheJournalSays(string tools)
    {
        var harness = await CrashAsync(Outcome, calls: 2);
        _server.Tools = $"[{tools}]";

        await harness.SucceedAsync();

        Assert.That(harness.Gateway.Sampled.Select(Tools).Distinct().Count(), Is.EqualTo(1));
        Assert.That(harness.Journal.Count(RecordKinds.ToolsListed), Is.EqualTo(1));
        Assert.That(_server.Calls.Select(call => (string?)call["name"]), Is.All.EqualTo("act"));
    }

    [Test]
    public async Task Resume_TheListIsNotOnTheFirstPage_IsFound()
    {
        var harness = await StartAsync(ToolEffect.Keyed, calls: 1);
        for (var attempt = 1; attempt <= 60; attempt++)
        {
            harness.Claim();
        }

        await CrashAsync(harness, Outcome, afterAnswer: true);
        _server.Tools = $"[{Reworded}]";

        await harness.SucceedAsync();

        Assert.That(harness.Gateway.Sampled.Select(Tools).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Resume_TheListedServerHadNoTools_OffersNone()
    {
        _server.Tools = "[]";
        var harness = await CrashAsync(Outcome, calls: 2);
        _server.Tools = $"[{Act}]";

        await harness.SucceedAsync();

        Assert.That(harness.Gateway.Sampled.Select(request => request.Body), Has.None.Contains("\"tools\""));
        Assert.That(_server.Calls, Is.Empty);
    }

    [TestCase("", "Tool 's_act' is no longer offered by server 's'. It was not called.")]
    [TestCase(Changed, "Server 's' changed the input schema of tool 's_act' since the run started. It was not called.")]
    [TestCase("""{"name":"act","inputSchema":7}""", "Server 's' changed the input schema of tool 's_act' since the run started. It was not called.")]
    [TestCase(Act + "," + Changed, "Server 's' changed the input schema of tool 's_act' since the run started. It was not called.")]
    public async Task Call_OfAToolThatIsGoneOrChanged_IsAnsweredToTheModel(string tools, string expected)
    {
        var harness = await CrashAsync(Outcome, calls: 2, afterAnswer: true);
        _server.Tools = $"[{tools}]";

        await harness.SucceedAsync();

        Assert.Multiple(() =>
        {
            Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult, RecordKinds.ToolFailed }));
            Assert.That(harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content, Is.EqualTo(expected));
            Assert.That(harness.Journal.Count(RecordKinds.ToolIntent), Is.EqualTo(1), "no intent for what is not called");
            Assert.That(_server.Calls, Has.Count.EqualTo(1));
            Assert.That(harness.Gateway.Sampled.Select(Tools).Distinct().Count(), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Call_OfAToolThatIsBack_RunsInTheSameAttempt()
    {
        var harness = await CrashAsync(Outcome, calls: 3, afterAnswer: true);
        var lists = 0;
        _server.ListPage = _ => ++lists == 1 ? """{"tools":[]}""" : $$"""{"tools":[{{Act}}]}""";

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult, RecordKinds.ToolFailed, RecordKinds.ToolResult }));
    }

    [TestCase(Model)]
    [TestCase(Intent)]
    public async Task OpenCall_OfAToolThatIsGone_IsAnsweredToTheModel(int crashAt)
    {
        var harness = await CrashAsync(crashAt, calls: 1, afterAnswer: true);
        _server.Tools = "[]";

        await harness.SucceedAsync();

        var told = harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content;
        Assert.That(told, Does.StartWith("Tool 's_act' is no longer offered by server 's'. ")
            .And.EndsWith(crashAt == Model ? "It was not called." : "Whether a call that was started before took effect is not known."));
        Assert.That(_server.Calls, Is.Empty);
    }

    [TestCase(Model)]
    [TestCase(Intent)]
    public async Task OpenCall_OfAToolWhoseSchemaChanged_AsksAPersonAndGoesOnWhenItIsBack(int crashAt)
    {
        var harness = await CrashAsync(crashAt, calls: 1, afterAnswer: true);
        _server.Tools = $"[{Changed}]";

        AssertDiverged(
            await harness.RunAttemptAsync(),
            "Server 's' changed the input schema of tool 's_act' since the run started. A call of it has no outcome yet.");

        _server.Tools = $"[{Reworded}]";
        await harness.SucceedAsync();
        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult }));
    }

    [Test]
    public async Task OpenCall_OfAToolWhoseEffectChanged_AsksAPerson()
    {
        var harness = await CrashAsync(Model, calls: 1, afterAnswer: true);
        harness.Gateway.Run = harness.Gateway.Run with { Tools = [harness.Gateway.Run.Tools[0] with { Effect = ToolEffect.Pure }] };

        AssertDiverged(
            await harness.RunAttemptAsync(),
            "The effect of tool 's_act' changed from Keyed to Pure since the run started. A call of it has no outcome yet.");
    }

    [Test]
    public async Task OpenCall_OfAnIrreversibleToolInFlight_IsUnknownWhateverTheServerListsNow()
    {
        var harness = await CrashAsync(Intent, calls: 1, afterAnswer: true, ToolEffect.Irreversible);
        _server.Tools = $"[{Changed}]";

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolUnknown }));
    }

    [Test]
    public async Task Resume_TheServerIsAwayAndNoCallNeedsIt_DoesNotWait()
    {
        var harness = await CrashAsync(Outcome, calls: 1, afterAnswer: true);
        await _server.DisposeAsync();

        await harness.SucceedAsync();

        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult }));
    }

    [Test]
    public async Task OpenCall_TheServerIsAway_EndsTheAttemptBeforeTheToolCountsAsStarted()
    {
        var harness = await CrashAsync(Model, calls: 1, afterAnswer: true, ToolEffect.Irreversible);
        _server.Intercept = async (context, _) =>
        {
            await RawMcpServer.WriteAsync(context, "", 503);
            return true;
        };
        harness.Patience = TimeSpan.FromMilliseconds(1);

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
        Assert.That(harness.Journal.Count(RecordKinds.ToolIntent), Is.Zero);

        _server.Intercept = null;
        await harness.SucceedAsync();
        Assert.That(harness.Outcomes(), Is.EqualTo(new[] { RecordKinds.ToolResult }));
        Assert.That(_server.Calls.Select(call => (string?)call["name"]), Is.EqualTo(CalledOnce));
    }

    [Test]
    public async Task Resume_AServerThatIsAskedAgain_IsListedOnceAnAttempt()
    {
        var harness = await CrashAsync(Outcome, calls: 4);
        var before = _server.Of("tools/list").Count;

        await harness.SucceedAsync();

        Assert.That(_server.Of("tools/list"), Has.Count.EqualTo(before + 1));
    }

    [Test]
    public async Task Start_TheToolsDoNotFitIntoARecord_EndsTheAttemptAndSaysWhatToDo()
    {
        var harness = await StartAsync(ToolEffect.Keyed, calls: 1);
        harness.Gateway.MaxRecordBytes = 100;

        var exit = await harness.RunAttemptAsync();

        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.EndpointUnavailable, TerminationReasons.McpServerUnavailable)));
        Assert.That(exit.Message, Does.Contain("spec.tools[].allow"));
        Assert.That(harness.Gateway.Sampled, Is.Empty);
    }

    [Test]
    public async Task Resume_ABuiltInToolIsGone_IsAnsweredToTheModel()
    {
        _harness = await RunnerHarness.StartAsync(
            null, ModelStep.Shell("true"), ModelStep.Call(new ToolCall("f", "files", """{"operation":"list","path":"."}""")), ModelStep.Say("done"));
        await CrashAsync(_harness, Outcome, afterAnswer: true);
        _harness.Gateway.Run = _harness.Gateway.Run with { Tools = [_harness.Gateway.Run.Tools[0]] };

        await _harness.SucceedAsync();

        Assert.That(
            _harness.Journal.Outcomes(RecordKinds.ToolFailed).Single().Content,
            Is.EqualTo("Tool 'files' is no longer offered by the runner. It was not called."));
    }

    [Test]
    public async Task OlderJournal_WithAnAnswerAndNoList_GoesOnWithWhatTheServerLists([Values] bool changes)
    {
        var written = await CrashAsync(Model, calls: 1, afterAnswer: true);
        await using var older = await McpWorld.StartAsync(_server.Url, ToolEffect.Keyed, calls: 1);
        older.Journal.ClaimEpoch();
        var answer = written.Journal.Records[3];
        older.Journal.Force(new NewRecord(answer.Kind, answer.Payload, answer.StepKey));
        _server.Tools = changes ? $"[{Reworded}]" : $"[{Act}]";

        var exit = await older.RunAttemptAsync();

        if (changes)
        {
            Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, TerminationReasons.Diverged)));
            Assert.That(exit.Message, Does.Contain("the advertised tools differ"));
        }
        else
        {
            Assert.That(exit.Code, Is.EqualTo(RunnerExitCodes.Done), exit.Message);
            Assert.That(older.Journal.Count(RecordKinds.ToolsListed), Is.Zero);
        }
    }

    private static void AssertDiverged(RunnerExit exit, string expected) => Assert.Multiple(() =>
    {
        Assert.That((exit.Code, exit.Reason), Is.EqualTo((RunnerExitCodes.Fenced, TerminationReasons.Diverged)), exit.Message);
        Assert.That(exit.Message, Does.EndWith(expected));
    });

    private static string Tools(ModelRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.GetProperty("tools").GetRawText();
    }

    private static Task CrashAsync(RunnerHarness harness, int crashAt, bool afterAnswer) =>
        harness.RunAttemptAsync(new CrashingTransport(new SocketsHttpHandler(), crashAt, afterAnswer));

    private async Task<RunnerHarness> StartAsync(ToolEffect effect, int calls) =>
        _harness = await McpWorld.StartAsync(_server.Url, effect, calls);

    private async Task<RunnerHarness> CrashAsync(
        int crashAt, int calls, bool afterAnswer = false, ToolEffect effect = ToolEffect.Keyed)
    {
        var harness = await StartAsync(effect, calls);
        await CrashAsync(harness, crashAt, afterAnswer);
        return harness;
    }
}
