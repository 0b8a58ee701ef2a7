using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

[TestFixture]
internal sealed class ModelCallTests
{
    private const string OneAnswer = "steps: [{text: hello, usage: {prompt: 11, completion: 7, cached: 3}}]";
    private const string TwoAnswers = "steps: [{text: one}, {text: two}]";

    [Test]
    public async Task Chat_Answered_IsCommittedBeforeItIsReturned()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var head = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Headers.GetValues(Routes.SequenceHeader).Single(), Is.EqualTo("3"));
            Assert.That(response.Headers.GetValues(Routes.ReplayedHeader).Single(), Is.EqualTo("false"));
            Assert.That(head!.Usage, Is.EqualTo(new TokenUsage(11, 7, 3)));
            Assert.That(head.Steps, Is.EqualTo(1));
        });
    }

    /// <summary>An answer in any encoding, valid Unicode or not, is read, and is not paid for twice.</summary>
    [TestCase("", "All done! 🎉")]
    [TestCase("escapedText", "All done! 🎉")]
    [TestCase("halfCharacter", "All done! 🎉\uFFFD")]
    [TestCase("invalidUtf8", "All done! 🎉\uFFFD")]
    public async Task Chat_AnswerInAnyEncoding_IsRead(string quirk, string text)
    {
        await using var world = await GatewayWorld.StartAsync($$"""steps: [{quirks: [{{quirk}}], text: "All done! 🎉"}]""");

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var answer = await response.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>();
        Assert.That((string?)answer?["choices"]?[0]?["message"]?["content"], Is.EqualTo(text));
        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Chat_AnswerThatIsCompressed_IsRead()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{quirks: [gzip], text: hello}]");
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        Assert.That((await AnswerAsync(response)).Text, Is.EqualTo("hello"));
        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
    }

    /// <summary>A provider that refuses what another wants back is asked without it.</summary>
    [Test]
    public async Task Chat_WhenTheProviderRefusesAFieldOfItsOwn_IsAskedAgainWithoutIt()
    {
        await using var world = await GatewayWorld.StartAsync("""
            steps: [{text: one}, {text: two, faults: [{status: 400, message: "'messages.1' : property 'reasoning' is unsupported"}]}]
            """);
        using var response = await world.ChatAsync(
            world.Token, "step-1", 2, """{"model":"test-model","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"one","reasoning":"r"}]}""");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(world.Model.Log.List().Select(call => call.RequestHash).Distinct().Count(), Is.EqualTo(2));
    }

    /// <summary>Each call is made with the parameters as they are then. What the runner is told of its run stays the same, so its keys do.</summary>
    [Test]
    public async Task Chat_ParametersChangeOnALiveRun_ApplyToTheNextCall()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await using var provider = await RecordingProvider.StartAsync();
        await world.ChangeEndpointAsync(spec => spec with
        {
            BaseUrl = $"{provider.Url}/openai?api-version=1", ApiKeySecretRef = null, Parameters = Fields("""{"temperature":1,"seed":4}"""),
            Headers = [new HeaderSpec { Name = "api-key", SecretKeyRef = spec.ApiKeySecretRef }],
        });
        var described = await ModelOfAsync(world);
        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        await world.ChangeRunAsync(spec => spec with { Model = spec.Model with { Parameters = Fields("""{"temperature":2}""") } });
        using var second = await world.ChatAsync(world.Token, "step-2", 3);
        await world.ChangeRunAsync(
            spec => spec with { Model = spec.Model with { Parameters = Fields("""{"temperature":3,"messages":[],"stream":true}""") } });
        using var third = await world.ChatAsync(world.Token, "step-3", 4);

        Assert.That(
            (first.StatusCode, second.StatusCode, third.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(await ModelOfAsync(world), Is.EqualTo(described));
        Assert.Multiple(() =>
        {
            Assert.That(provider.Requests.Select(request => request.Target), Has.All.EqualTo("/openai/chat/completions?api-version=1"));
            Assert.That(provider.Requests.Select(request => request.Headers["api-key"]), Has.All.EqualTo(GatewayWorld.ApiKey));
            Assert.That(provider.Requests.Select(request => request.Headers.ContainsKey("Authorization")), Has.All.False);
            Assert.That(
                provider.Requests.Select(request => ((int?)request.Body["temperature"], (int?)request.Body["seed"])),
                Is.EqualTo(new (int?, int?)[] { (1, 4), (2, 4), (1, 4) }), "the first ones, while the run's are invalid");
            Assert.That(provider.Requests.Select(request => request.Body["messages"]!.AsArray().Count), Has.All.EqualTo(1));
            Assert.That(provider.Requests.Select(request => request.Body["stream"]), Has.All.Null);
        });

        static Dictionary<string, JsonElement> Fields(string json) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json)!;

        static async Task<string> ModelOfAsync(GatewayWorld world)
        {
            using var response = await world.GetAsync(world.Token, Routes.Run);
            return (await response.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonNode>())!["model"]!.ToJsonString();
        }
    }

    /// <summary>Whatever is in an answer, it is paid once: the runner gets what was committed, now and on a replay.</summary>
    [TestCase("""{"choices":[{"message":{"content":null},"finish_reason":"error"}]}""", null, "error")]
    [TestCase("""{"choices":[{"message":{"content":""},"finish_reason":"stop"}]}""", null, "stop")]
    [TestCase("""{"choices":[{"message":{"content":"x"},"finish_reason":"tool_calls"}]}""", "x", "tool_calls")]
    [TestCase("""{"choices":[{"message":{"tool_calls":[{}]},"logprobs":NaN}],"usage":{"prompt_tokens":"1e999"}}""", null, "tool_calls")]
    public async Task Chat_AnswerThatIsHardToUse_IsCommittedAndPaidOnce(string body, string? text, string finishReason)
    {
        await using var world = await GatewayWorld.StartAsync($"steps: [{{raw: '{body}'}}]");
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        using var again = await world.ChatAsync(world.Token, "step-1", 2);
        var answer = await AnswerAsync(response);
        Assert.Multiple(() =>
        {
            Assert.That((answer.Text, answer.FinishReason), Is.EqualTo((text, finishReason)));
            Assert.That(answer.Usage.Total, Is.Positive, "what the provider does not count is estimated");
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
        });
    }

    /// <summary>
    /// An answer that the API server refuses, or that is too large to be read, was paid: it counts, and it is not asked for again under the same key.
    /// </summary>
    [TestCase(true, 10)]
    [TestCase(false, 5_000_000)]
    public async Task Chat_AnswerThatCannotBeKept_IsCountedAndPaidOnce(bool isRefused, int bytes) => await AssertPaidOnceAsync(
        isRefused, bytes, (answer, _) => Assert.That((answer.Text, answer.FinishReason), Is.EqualTo(((string?)null, ModelAnswerPayload.TooLarge))));

    /// <summary>What is paid is not thrown away: as much of the answer is kept as a record can hold.</summary>
    [TestCase(1_000_000)]
    [TestCase(3_000_000)]
    public async Task Chat_AnswerThatIsTooLarge_IsCutAndPaidOnce(int bytes) => await AssertPaidOnceAsync(isRefused: false, bytes, (answer, text) =>
    {
        var kept = answer.Text!.IndexOf("\n\n[The answer is cut here", StringComparison.Ordinal);
        Assert.That(answer.FinishReason, Is.EqualTo("length"));
        Assert.That(kept, Is.GreaterThan(300_000));
        Assert.That(text, Does.StartWith(answer.Text[..kept]));
    });

    private static async Task AssertPaidOnceAsync(bool isRefused, int bytes, Action<ModelAnswerPayload, string> assertAnswer)
    {
        var random = new Random(3);
        var letters = Enumerable.Range(0, bytes).Select(_ => (char)('0' + random.Next(64)));
        var text = new string([.. letters.Select(letter => letter is '\\' ? 'x' : letter)]);
        await using var world = await GatewayWorld.StartAsync(
            $$$"""steps: [{raw: '{"choices":[{"message":{"content":"{{{text}}}"}}],"usage":{"prompt_tokens":5,"completion_tokens":6}}'}]""");
        world.OnNextWrite(answer => isRefused ? FakeAnswer.Invalid("spec.records[1]", "FieldValueTooLong") : answer());
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        using var again = await world.ChatAsync(world.Token, "step-1", 2);
        var answer = await AnswerAsync(response);
        var head = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.Multiple(() =>
        {
            assertAnswer(answer, text);
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That((head!.Steps, head.Usage.Total), Is.EqualTo((1, answer.Usage.Total)));
            Assert.That(head.Usage.Total, Is.GreaterThanOrEqualTo(11));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
        });
    }

    /// <summary>What nobody foresaw says where to look, and not what it was about.</summary>
    [Test]
    public async Task Chat_WhenTheGatewayHasABug_SaysWhereToLookAndIsPaidOnce()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        world.OnNextWrite(_ => throw new InvalidOperationException("a bug, with the user's secret"));
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        using var again = await world.ChatAsync(world.Token, "step-1", 2);
        var error = await AssertRefusedAsync(response, HttpStatusCode.InternalServerError, ErrorCodes.InternalError);
        Assert.Multiple(() =>
        {
            Assert.That(error.Detail, Does.Match("correlation id [0-9a-f]{32}").And.Not.Contain("secret"));
            Assert.That(again.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
        });
    }

    /// <summary>I2: a call whose answer was committed is never sent again.</summary>
    [Test]
    public async Task Chat_AgainAfterALostReply_ReturnsTheCommittedAnswerByteForByte()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        using var again = await world.ChatAsync(world.Token, "step-1", 2);
        var (bytes, bytesAgain) = (await first.Content.ReadAsByteArrayAsync(), await again.Content.ReadAsByteArrayAsync());
        Assert.Multiple(() =>
        {
            Assert.That(bytesAgain, Is.EqualTo(bytes));
            Assert.That(again.Headers.GetValues(Routes.ReplayedHeader).Single(), Is.EqualTo("true"));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public async Task Chat_OverAnotherRecord_IsAConflict()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        using var other = await world.ChatAsync(world.Token, "another-step", 2);
        await AssertRefusedAsync(other, HttpStatusCode.Conflict, ErrorCodes.SequenceConflict);
        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
    }

    /// <summary>I3: a stale runner's model call is refused, and no provider is asked.</summary>
    [Test]
    public async Task Chat_OfAStaleEpoch_IsRefusedWithoutACall()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await world.AttemptAsync(2);
        using var response = await world.ChatAsync(world.Token, "step-1", 3);
        await AssertRefusedAsync(response, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
        Assert.That(world.Model.Log.List(), Is.Empty);
    }

    /// <summary>The replica has not seen the new claim. It reads the store before it calls the provider.</summary>
    [Test]
    public async Task Chat_OfAStaleEpoch_AtAReplicaThatDoesNotKnow_MakesNoCall()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await world.AddReplicaAsync();
        using var shown = await world.ChatAsync(world.Token, "step-1", 2, GatewayWorld.Body("another-model"), world.OtherHttp);
        await AssertRefusedAsync(shown, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
        await world.AttemptAsync(2);
        using var response = await world.ChatAsync(world.Token, "step-1", 2, replica: world.OtherHttp);
        await AssertRefusedAsync(response, HttpStatusCode.Conflict, ErrorCodes.SequenceConflict);
        Assert.That(world.Model.Log.List(), Is.Empty);
    }

    /// <summary>
    /// A call waits for its retry when the next attempt asks for it. The retry is made for the next attempt; the first one is told that its epoch is
    /// over.
    /// </summary>
    [Test]
    public async Task Chat_WhenTheNextAttemptJoinsACallThatWaits_IsMadeForTheNextAttempt()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, faults: [{status: 503, retryAfterSeconds: 2}]}]");
        var first = world.ChatAsync(world.Token, "step-1", 2);
        await Eventually.TrueAsync("the provider falters", () => world.Model.Log.List().Count == 1);
        using var second = await world.ChatAsync(await world.AttemptAsync(2), "step-1", 3);
        using var stale = await first;
        var head = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.Multiple(() =>
        {
            Assert.That((second.StatusCode, stale.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Gone)));
            Assert.That((head!.Steps, world.Model.Log.List().Count), Is.EqualTo((1, 2)));
        });
    }

    /// <summary>The reads of the store that a model call costs: one, just before it is sent.</summary>
    [Test]
    public async Task Chat_WhenTheHeadIsKnown_ReadsTheStoreOnce()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        using var described = await world.GetAsync(world.Token, Routes.RunWithJournal);
        var before = world.Segments.Reads;
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        Assert.That((described.StatusCode, response.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That((before, world.Segments.Reads), Is.EqualTo((1, 2)), "nothing else has written since the description");
    }

    [Test]
    public async Task Chat_BeforeTheEpochIsClaimed_IsTooEarly()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer, claim: false);
        using var response = await world.ChatAsync(world.Token, "step-1", 1);
        await AssertRefusedAsync(response, (HttpStatusCode)425, ErrorCodes.EpochNotClaimed);
        Assert.That(response.Headers.RetryAfter?.Delta, Is.Not.Null);
    }

    /// <summary>The runner dies while the model answers. The answer is paid for, so the next attempt gets it.</summary>
    [Test]
    public async Task Chat_WhenTheRunnerHangsUp_KeepsThePaidAnswerForTheNextAttempt()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, delayMs: 1500}]");
        await HangUpAsync(world);
        var second = await world.AttemptAsync(2);
        using var response = await world.ChatAsync(second, "step-1", 3);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "one paid call");
        });
    }

    /// <summary>The replica may die before the next attempt asks, so a paid answer is committed as soon as it arrives.</summary>
    [Test]
    public async Task Chat_WhenTheRunnerHangsUp_CommitsTheAnswerWhenItComes()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, delayMs: 1000}]");
        await HangUpAsync(world);

        await Eventually.TrueAsync(
            "the answer is committed", () => world.Journal.ReadHeadAsync(world.Run, default).GetAwaiter().GetResult()!.Steps == 1);
    }

    /// <summary>The next attempt asks the other replica.</summary>
    [Test]
    public async Task Chat_WhenTheNextAttemptAsksAnotherReplica_TheOneThatPaidCommits()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, delayMs: 1500}]");
        await world.AddReplicaAsync();
        await HangUpAsync(world);
        var second = await world.AttemptAsync(2);
        using var response = await world.ChatAsync(second, "step-1", 3, replica: world.OtherHttp);
        var head = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(response.Headers.GetValues(Routes.SequenceHeader).Single(), Is.EqualTo("4"));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "one paid call");
            Assert.That(head!.Steps, Is.EqualTo(1));
        });
    }

    /// <summary>I3: a stale runner gets nothing through another replica either.</summary>
    [Test]
    public async Task PeerAnswer_OfAStaleEpoch_IsNotCommitted()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, delayMs: 1000}]");
        await world.AddReplicaAsync();
        var call = world.ChatAsync(world.Token, "step-1", 2);
        await Eventually.TrueAsync("the model is asked", () => world.Model.Log.InFlight == 1);
        await world.AttemptAsync(2);
        using var refused = await world.ChatAsync(world.Token, "step-1", 3, replica: world.OtherHttp);
        using var late = await call;
        await AssertRefusedAsync(refused, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
        await AssertRefusedAsync(late, HttpStatusCode.Gone, ErrorCodes.StaleEpoch);
    }

    /// <summary>I10: a budget is overshot by one call at most.</summary>
    [TestCase(1, null, "maxSteps")]
    [TestCase(100, 10L, "maxTokens")]
    public async Task Chat_OverABudget_IsRefusedWithoutACall(int maxSteps, long? maxTokens, string named)
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers, new LimitsSpec { MaxSteps = maxSteps, MaxTokens = maxTokens });
        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        using var over = await world.ChatAsync(world.Token, "step-2", 3, GatewayWorld.Body("test-model", 1));
        var error = await AssertRefusedAsync(over, HttpStatusCode.PaymentRequired, ErrorCodes.BudgetExhausted);
        Assert.Multiple(() =>
        {
            Assert.That(error.Detail, Does.Contain($"spec.limits.{named}"));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1));
        });
    }

    [TestCase("{status: 429, retryAfterMs: 50}")]
    [TestCase("{status: 500}")]
    [TestCase("{malformed: true}")]
    [TestCase("{truncated: true}")]
    [TestCase("{emptyBody: true}")]
    [TestCase("{drop: true}")]
    [TestCase("{emptyChoices: true}")]
    public async Task Chat_WhenTheProviderFaltersOnce_IsRetriedAndCommittedOnce(string fault)
    {
        await using var world = await GatewayWorld.StartAsync($"steps: [{{text: hello, faults: [{fault}]}}]");
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var head = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.That((response.StatusCode, head!.Steps, world.Model.Log.List().Count), Is.EqualTo((HttpStatusCode.OK, 1, 2)));
    }

    [Test]
    public async Task Chat_WhenTheProviderAsksForALongWait_TellsTheRunnerInsteadOfHoldingTheCall()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, faults: [{status: 429, retryAfterSeconds: 90}]}]");
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        await AssertRefusedAsync(response, HttpStatusCode.ServiceUnavailable, ErrorCodes.ModelUnavailable);
        Assert.That(response.Headers.RetryAfter!.Delta, Is.InRange(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(91)));
    }

    [Test]
    public async Task Chat_WhenTheProviderRefusesTheKey_SaysWhichFieldToCheck_AndNeverTheKey()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer, secret: "sk-wrong-key");
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var error = await AssertRefusedAsync(response, HttpStatusCode.ServiceUnavailable, ErrorCodes.ModelUnavailable);
        Assert.That(error.Detail, Does.Contain("apiKeySecretRef").And.Not.Contain("sk-wrong"));
    }

    [Test]
    public async Task Chat_WhenTheProviderRefusesATool_NamesItAndQuotesNothing()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await using var provider = await RecordingProvider.StartAsync(
            """{"error":{"message":"Invalid schema for function 'odd': the user's secret","param":"tools[0].function.parameters","code":"invalid_function_parameters"}}""",
            status: 400);
        await world.ChangeEndpointAsync(spec => spec with { BaseUrl = provider.Url });
        using var response = await world.ChatAsync(
            world.Token, "step-1", 2,
            GatewayWorld.Body("test-model", extra: ""","tools":[{"type":"function","function":{"name":"odd","parameters":{}}}]"""));
        var error = await AssertRefusedAsync(response, HttpStatusCode.UnprocessableEntity, ErrorCodes.ModelRejected);
        Assert.Multiple(() =>
        {
            Assert.That(error.RejectedTools, Is.EqualTo(new[] { "odd" }));
            Assert.That(error.Detail, Is.EqualTo("The model endpoint answered 400 (invalid_function_parameters)."));
        });
    }

    [Test]
    public async Task Chat_WithoutTheSecret_WaitsForIt()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer, secret: null);
        await world.ChangeEndpointAsync(spec => spec with { MaxRetries = 0 });
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var error = await AssertRefusedAsync(response, HttpStatusCode.ServiceUnavailable, ErrorCodes.ModelUnavailable);
        Assert.That(error.Detail, Does.Contain("provider-key"));
    }

    [Test]
    public async Task Chat_WithoutTheEndpoint_NamesIt()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        world.Endpoints.Remove("provider");
        await world.SyncAsync<ModelEndpoint>();
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        Assert.That(
            (await AssertRefusedAsync(response, HttpStatusCode.ServiceUnavailable, ErrorCodes.ModelUnavailable)).Detail, Does.Contain("'provider'"));
    }

    [TestCase("""{"model":"a-dearer-one","messages":[]}""", "test-model")]
    [TestCase("""{"model":"test-model","stream":true,"messages":[]}""", "stream")]
    [TestCase("""{"model":"test-model","n":3,"messages":[]}""", "n:")]
    [TestCase("""{"messages":[]}""", "model")]
    [TestCase("""{"model":""", "JSON")]
    public async Task Chat_OfARequestThatCannotBeServed_SaysWhy(string body, string said)
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        using var response = await world.ChatAsync(world.Token, "step-1", 2, body);
        Assert.That((await AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest)).Detail, Does.Contain(said));
    }

    [Test]
    public async Task Chat_WhenTheJournalLosesTheReplyOfTheCommit_CommitsOnceAndPaysOnce()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        world.OnNextWrite(answer =>
        {
            answer();
            throw new HttpRequestException("the reply is lost");
        });
        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var head = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.That((response.StatusCode, head!.Steps, world.Model.Log.List().Count), Is.EqualTo((HttpStatusCode.OK, 1, 1)));
    }

    /// <summary>The first attempt's runner asks the model, and dies before it answers.</summary>
    private static async Task HangUpAsync(GatewayWorld world)
    {
        using var dies = new CancellationTokenSource();
        var call = world.ChatAsync(world.Token, "step-1", 2, cancellationToken: dies.Token);
        await Eventually.TrueAsync("the model is asked", () => world.Model.Log.InFlight == 1);
        await dies.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
    }

    private static async Task<ModelAnswerPayload> AnswerAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync(ProtocolJson.Default.CompletionReply))!.Answer!;

    internal static async Task<ProtocolError> AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var error = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.ProtocolError);
        Assert.That((response.StatusCode, error!.Code), Is.EqualTo((status, code)), error.Detail);
        return error;
    }
}
