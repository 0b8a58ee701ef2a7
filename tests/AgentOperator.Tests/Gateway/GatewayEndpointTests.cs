using System.Net.Http.Json;
using System.Net;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Identity;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class GatewayEndpointTests
{
    private GatewayWorld _world = null!;

    [SetUp]
    public async Task SetUp() => _world = await GatewayWorld.StartAsync("steps: [{text: hello}]");

    [TearDown]
    public ValueTask TearDown() => _world.DisposeAsync();

    [TestCase(null)]
    [TestCase("made-up")]
    public async Task AnyPath_WithoutAPodsToken_IsUnauthorized(string? token)
    {
        using var response = await _world.GetAsync(token, Routes.Run);
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.Unauthorized, ErrorCodes.Unauthorized);
    }

    /// <summary>The runner at the same address goes on: its token was accepted before.</summary>
    [Test]
    public async Task AnyPath_WithTooManyBogusTokens_IsToldWhenToComeBack()
    {
        using var before = await _world.GetAsync(_world.Token, Routes.Run);
        for (var i = 0; i < ReviewBounds.MaxPerAddress; i++)
        {
            using var bogus = await _world.GetAsync(PodToken.Of($"bogus-{i}"), Routes.Run);
            Assert.That(bogus.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        using var response = await _world.GetAsync(PodToken.Of("one-more"), Routes.Run);
        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.TooManyRequests, ErrorCodes.TooManyRequests);
        using var after = await _world.GetAsync(_world.Token, Routes.Run);
        Assert.That((response.Headers.RetryAfter?.ToString(), error.RetryAfterSeconds), Is.EqualTo(("5", 5)));
        Assert.That((before.StatusCode, after.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
    }

    [TestCase("web-server")]
    [TestCase("unknown-1")]
    [TestCase("survey-0")]
    [TestCase("survey-+1")]
    public async Task AnyPath_OfAPodThatIsNoRunner_IsForbidden(string pod)
    {
        var token = _world.Tokens.Issue(new ReviewedPod(_world.Run.Namespace, pod, "uid-of-web"));
        using var response = await _world.GetAsync(token, Routes.Run);
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.Forbidden, ErrorCodes.NotARunner);
    }

    /// <summary>I6: a pod that somebody made with a runner's name does not have the UID that was claimed.</summary>
    [Test]
    public async Task AnyPath_OfAPodThatOnlyHasTheName_IsRefused()
    {
        var token = _world.Tokens.Issue(new ReviewedPod(_world.Run.Namespace, "survey-1", "uid-of-an-impostor"));
        using var response = await _world.GetAsync(token, Routes.Journal);
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
    }

    [Test]
    public async Task Run_OfTheOwner_DescribesTheFrozenSpecAndTheLiveLimits()
    {
        await _world.ChangeRunAsync(spec => spec with { Task = "edited on a server without CEL", Limits = spec.Limits with { MaxSteps = 250 } });
        var description = await (await _world.GetAsync(_world.Token, Routes.Run)).Content.ReadFromJsonAsync(ProtocolJson.Default.RunDescription);
        Assert.Multiple(() =>
        {
            Assert.That(description!.Task, Is.EqualTo("count"));
            Assert.That(description.Limits.MaxSteps, Is.EqualTo(250));
            Assert.That((description.Epoch, description.HeadSequence, description.Lineage), Is.EqualTo((1, 2L, _world.Run.Uid)));
        });
    }

    [Test]
    public async Task Run_WithItsJournal_IsOneAnswerOfBoth()
    {
        using var response = await _world.GetAsync(_world.Token, Routes.RunWithJournal);
        var description = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.RunDescription);
        Assert.Multiple(() =>
        {
            Assert.That(description!.Task, Is.EqualTo("count"));
            Assert.That(
                description.Journal!.Records.Select(record => record.Kind), Is.EqualTo(new[] { RecordKinds.RunStarted, RecordKinds.EpochClaimed }));
            Assert.That(description.Journal.HeadSequence, Is.EqualTo(2));
        });
    }

    [Test]
    public async Task Append_OfToolRecords_CommitsThem_AndThePageShowsThem()
    {
        using var response = await _world.PostAsync(_world.Token, Routes.Journal, new AppendRequest(2, [Result("one"), Result("two")]));
        var appended = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.AppendResponse);
        using var read = await _world.GetAsync(_world.Token, Routes.Journal + "?after=2");
        var page = await read.Content.ReadFromJsonAsync(ProtocolJson.Default.JournalPage);
        Assert.Multiple(() =>
        {
            Assert.That(appended!.HeadSequence, Is.EqualTo(4));
            Assert.That(page!.Records.Select(record => record.StepKey), Is.EqualTo(new[] { "one", "two" }));
        });
    }

    [Test]
    public async Task Append_OfToolsLeftOut_IsInTheHead()
    {
        using var response = await _world.PostAsync(
            _world.Token, Routes.Journal,
            new AppendRequest(2, [LeftOut("""{"tools":[{"tool":"a","reason":"its schema is odd"},{"tool":"b","reason":"so is its"}]}""")]));
        using var again = await _world.PostAsync(
            _world.Token, Routes.Journal, new AppendRequest(3, [LeftOut("""{"tools":[{"tool":"c","reason":"no"}]}""")]));
        var head = await _world.Journal.ReadHeadAsync(_world.Run, default);
        Assert.Multiple(() =>
        {
            Assert.That((response.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
            Assert.That(head!.LeftOutTools, Is.EqualTo("a (its schema is odd); b (so is its); c (no)"));
            Assert.That(head.ProgressSequence, Is.EqualTo(1), "no progress");
        });
    }

    [TestCase("{}")]
    [TestCase("""{"tools":null}""")]
    [TestCase("""{"tools":[]}""")]
    [TestCase("""{"tools":[null]}""")]
    [TestCase("""{"tools":[{"tool":"a"}]}""")]
    [TestCase("""{"tools":[{"tool":"","reason":"x"}]}""")]
    [TestCase("""{"tools":"a"}""")]
    public async Task Append_OfToolsLeftOut_ThatNamesNone_IsRefused(string payload)
    {
        using var response = await _world.PostAsync(_world.Token, Routes.Journal, new AppendRequest(2, [LeftOut(payload)]));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.That((await _world.Journal.ReadHeadAsync(_world.Run, default))!.Sequence, Is.EqualTo(2));
    }

    [TestCase("""{"tools":[]}""")]
    [TestCase("""{"tools":[{"name":"a","description":"","inputSchema":"{}","effect":"Pure"}]}""")]
    [TestCase("""{"tools":[{"name":"s_a","description":"A.","inputSchema":"{}","effect":"Keyed","server":"s","serverTool":"a"}]}""")]
    public async Task Append_OfToolsListed_IsTakenAndNoProgress(string payload)
    {
        using var response = await _world.PostAsync(
            _world.Token, Routes.Journal, new AppendRequest(2, [Listed(payload), LeftOut("""{"tools":[{"tool":"c","reason":"no"}]}""")]));
        var head = await _world.Journal.ReadHeadAsync(_world.Run, default);
        Assert.That((response.StatusCode, head!.Sequence, head.ProgressSequence), Is.EqualTo((HttpStatusCode.OK, 4, 1)));
    }

    [TestCase("{}")]
    [TestCase("""{"tools":null}""")]
    [TestCase("""{"tools":[null]}""")]
    [TestCase("""{"tools":[{"name":"a","description":"A."}]}""")]
    [TestCase("""{"tools":[{"name":"","description":"A.","inputSchema":"{}","effect":"Pure"}]}""")]
    [TestCase("""{"tools":[{"name":"a","description":null,"inputSchema":"{}","effect":"Pure"}]}""")]
    [TestCase("""{"tools":[{"name":"a","description":"A.","inputSchema":{},"effect":"Pure"}]}""")]
    [TestCase("""{"tools":[{"name":"a","description":"A.","inputSchema":"{}","effect":"Odd"}]}""")]
    public async Task Append_OfToolsListed_ThatNoAttemptCouldStartFrom_IsRefused(string payload)
    {
        using var response = await _world.PostAsync(_world.Token, Routes.Journal, new AppendRequest(2, [Listed(payload)]));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.That((await _world.Journal.ReadHeadAsync(_world.Run, default))!.Sequence, Is.EqualTo(2));
    }

    [TestCase(RecordKinds.ModelAnswer)]
    [TestCase(RecordKinds.EpochClaimed)]
    [TestCase(RecordKinds.RunFinished)]
    [TestCase("Nonsense")]
    public async Task Append_OfAKindThatIsNotTheRunners_IsRefused(string kind)
    {
        using var response = await _world.PostAsync(_world.Token, Routes.Journal, new AppendRequest(2, [Result("one") with { Kind = kind }]));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
    }

    [TestCase(Routes.Journal)]
    [TestCase(Routes.Result)]
    [TestCase(Routes.Heartbeat)]
    public async Task Post_BodyThatIsNoMessage_IsABadRequest(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent("{\"expectedSequence\":\"two\",\"step\":\"one\"}"),
        };
        request.Headers.Authorization = new("Bearer", _world.Token);
        using var response = await _world.Http.SendAsync(request);
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
    }

    /// <summary>I3: a stale runner's heartbeat is refused.</summary>
    [Test]
    public async Task Heartbeat_OfAStaleEpoch_IsRefusedAndNotRecorded()
    {
        await _world.AttemptAsync(2);
        using var response = await _world.PostAsync(_world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
        Assert.That(_world.HasHeartbeat(1), Is.False);
    }

    [Test]
    public async Task Heartbeat_AfterTheFirst_AsksTheStoreNothing()
    {
        using var first = await _world.PostAsync(_world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        var reads = _world.Segments.Reads;
        using var second = await _world.PostAsync(_world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        Assert.That((second.StatusCode, _world.Segments.Reads), Is.EqualTo((HttpStatusCode.OK, reads)));
    }

    /// <summary>I3: another replica claimed the newer epoch, which this one knows only from its watch.</summary>
    [Test]
    public async Task Heartbeat_NewerEpochWasOnlyWatched_IsRefused()
    {
        await _world.AddReplicaAsync();
        await _world.OtherJournal.ClaimEpochAsync(_world.Run, 2, "survey-2", "another", default);
        await _world.SyncAsync<JournalSegmentHeader>();
        var reads = _world.Segments.Reads;
        using var response = await _world.PostAsync(_world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
        Assert.That(_world.Segments.Reads, Is.EqualTo(reads), "the watch is enough");
    }

    /// <summary>The watch is behind: it still shows the journal as it was before this runner's claim.</summary>
    [Test]
    public async Task Heartbeat_KnownHeadIsFromBeforeTheClaim_AsksTheStore()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", claim: false);
        await world.Journal.ReadHeadAsync(world.Run, default);
        using var before = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        await ModelCallTests.AssertRefusedAsync(before, (HttpStatusCode)425, ErrorCodes.EpochNotClaimed);
        await world.AttemptAsync(1);
        using var after = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        Assert.That(after.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase(false, HeartbeatDirective.Continue)]
    [TestCase(true, HeartbeatDirective.Stop)]
    public async Task Heartbeat_OfTheOwner_IsToldWhetherToGoOn(bool suspended, HeartbeatDirective directive)
    {
        await _world.ChangeRunAsync(spec => spec with { Suspend = suspended });
        using var response = await _world.PostAsync(_world.Token, Routes.Heartbeat, new HeartbeatRequest(1, "working"));
        var answer = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.HeartbeatResponse);
        Assert.That((answer!.Directive, _world.HasHeartbeat(1)), Is.EqualTo((directive, true)));
        Assert.That(_world.HasAnnotation(1, Annotations.ToldToStop), Is.EqualTo(suspended), "its exit is one that was asked for");
    }

    [Test]
    public async Task Result_Twice_IsAnsweredTheSame_AndEndsTheRun()
    {
        var end = new ResultRequest(2, new RunFinishedPayload { Outcome = RunOutcome.Succeeded, Reason = "Completed", Result = "42" });
        using var first = await _world.PostAsync(_world.Token, Routes.Result, end);
        using var again = await _world.PostAsync(_world.Token, Routes.Result, end);
        using var late = await _world.PostAsync(_world.Token, Routes.Journal, new AppendRequest(3, [Result("late")]));
        Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        await ModelCallTests.AssertRefusedAsync(late, HttpStatusCode.Gone, ErrorCodes.RunFinished);
    }

    [Test]
    public async Task Append_ThatTheStoreRefusesForGood_IsNotCalledUnavailable()
    {
        _world.OnNextWrite(_ => FakeAnswer.Invalid("spec.records[1]", "FieldValueTooLong"));
        using var response = await _world.PostAsync(_world.Token, Routes.Journal, new AppendRequest(2, [Result("a")]));
        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.UnprocessableEntity, ErrorCodes.RecordRefused);
        Assert.That(error.RetryAfterSeconds, Is.Null);
        Assert.That(error.Detail, Does.Contain("spec.records[1]"));
    }

    /// <summary>I13: a run that is said to have succeeded has a result.</summary>
    [TestCase(RunOutcome.Succeeded, "Completed", "")]
    [TestCase(RunOutcome.Succeeded, "Completed", " \n")]
    [TestCase(RunOutcome.Succeeded, "Completed", null)]
    [TestCase(RunOutcome.Failed, "", null)]
    [TestCase(RunOutcome.Failed, "no reason", null)]
    public async Task Result_ThatSaysTooLittle_IsRefusedAndTheRunGoesOn(RunOutcome outcome, string reason, string? result)
    {
        using var response = await _world.PostAsync(
            _world.Token, Routes.Result, new ResultRequest(2, new RunFinishedPayload { Outcome = outcome, Reason = reason, Result = result }));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.That((await _world.Journal.ReadHeadAsync(_world.Run, default))!.Finished, Is.Null);
    }

    /// <summary>The API server need not take an empty text in the journal's head.</summary>
    [Test]
    public async Task Result_WithEmptyTexts_IsStoredWithoutThem()
    {
        using var response = await _world.PostAsync(
            _world.Token, Routes.Result,
            new ResultRequest(2, new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = "UnusableAnswer", Result = "", Message = "" }));
        var head = await _world.Journal.ReadHeadAsync(_world.Run, default);
        Assert.That(head!.Finished, Is.EqualTo(new FinishSummary { Outcome = RunOutcome.Failed, Reason = "UnusableAnswer" }));
    }

    /// <summary>Metrics have the reason, so a runner's own words become the message.</summary>
    [TestCase(RunOutcome.Failed, "MyOwnWord", null, "Failed", "MyOwnWord")]
    [TestCase(RunOutcome.Failed, "MyOwnWord", "It broke.", "Failed", "MyOwnWord: It broke.")]
    [TestCase(RunOutcome.Failed, "BudgetExhausted", "No steps.", "BudgetExhausted", "No steps.")]
    [TestCase(RunOutcome.Succeeded, "AllDone", "Well.", "Completed", "Well.")]
    public async Task Result_OfAnyReason_IsStoredWithAKnownOne(RunOutcome outcome, string said, string? message, string reason, string expected)
    {
        var end = new ResultRequest(2, new RunFinishedPayload { Outcome = outcome, Reason = said, Result = "42", Message = message });
        using var response = await _world.PostAsync(_world.Token, Routes.Result, end);
        using var again = await _world.PostAsync(_world.Token, Routes.Result, end);
        var finished = (await _world.Journal.ReadHeadAsync(_world.Run, default))!.Finished!;
        Assert.That((response.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That((finished.Reason, finished.Message), Is.EqualTo((reason, expected)));
    }

    [TestCase("""{"kind":"ToolResult","payload":{"tool":"t"},"stepKey":"k","callId":"c"}""", "records[0].payload.content is missing")]
    [TestCase("""{"kind":"ToolResult","payload":{"tool":"t","content":1},"stepKey":"k","callId":"c"}""", "records[0].payload.content must be a string")]
    [TestCase("""{"kind":"ToolResult","stepKey":"k","callId":"c"}""", "records[0].payload is missing")]
    [TestCase("""{"kind":"ToolResult","payload":{"tool":"t","content":""},"stepKey":"k"}""", "records[0].callId is missing")]
    [TestCase("""{"kind":"ToolIntent","payload":{"tool":"t","effect":"Odd"},"stepKey":"k","callId":"c"}""", "records[0].payload.effect must be one of")]
    [TestCase("""{"kind":null,"payload":{}}""", "records[0].kind must be a string")]
    [TestCase("""{"payload":{}}""", "records[0].kind is missing")]
    [TestCase("null", "records[0] must be an object")]
    public async Task Append_OfAMalformedRecord_IsRefusedOnceAndNamesTheField(string record, string expected)
    {
        using var response = await _world.SendAsync(Routes.Journal, $$"""{"expectedSequence":2,"records":[{{record}}]}""");
        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        Assert.That(error.Detail, Does.StartWith(expected));
        Assert.That((await _world.Journal.ReadHeadAsync(_world.Run, default))!.Sequence, Is.EqualTo(2));
    }

    /// <summary>Programs that cut text leave halves of surrogate pairs.</summary>
    [Test]
    public async Task Append_OfHalfASurrogatePair_IsTakenWithAReplacement()
    {
        using var response = await _world.SendAsync(
            Routes.Journal,
            """{"expectedSequence":2,"records":[{"kind":"ToolResult","payload":{"tool":"t","content":"a\ud83c","x":"\udf89"},"stepKey":"k","callId":"c"}]}""");
        var record = (await _world.Journal.ReadAsync(_world.Run, 2, 1, default)).Records.Single();
        Assert.That((response.StatusCode, record.Payload.GetProperty("content").GetString()), Is.EqualTo((HttpStatusCode.OK, "a\ufffd")));
    }

    private static NewRecord Listed(string payload) => new(RecordKinds.ToolsListed, JsonElement.Parse(payload));

    [TestCase(Routes.Journal)]
    [TestCase(Routes.ChatCompletions)]
    public async Task Request_WithALargerBodyThanAnyThatIsRead_IsTooLarge(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[BodyReader.MaxBytes + 1]) };
        request.Headers.Authorization = new("Bearer", _world.Token);
        request.Headers.Add(Routes.IdempotencyKeyHeader, "step-1");
        request.Headers.Add(Routes.ExpectedSequenceHeader, "2");

        // The answer comes before the body is sent.
        request.Headers.ExpectContinue = true;
        using var response = await _world.Http.SendAsync(request);

        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.RequestEntityTooLarge, ErrorCodes.RequestTooLarge);
        Assert.That(error.Detail, Does.Contain("16777216"));
    }

    private static NewRecord LeftOut(string payload) => new(RecordKinds.ToolsLeftOut, JsonElement.Parse(payload));

    private static NewRecord Result(string key) => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(new ToolOutcomePayload { Tool = "shell", Content = "done" }, ProtocolJson.Default.ToolOutcomePayload),
        key,
        "call_1");
}
