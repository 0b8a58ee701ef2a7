using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>Limits of a run that works, and conversations that its provider does not take.</summary>
[TestFixture]
internal sealed class LiveLimitsTests
{
    private const string TwoAnswers = "steps: [{text: one}, {text: two}]";

    [Test]
    public async Task Chat_ConversationIsTooLong_SaysByHowMuchAndIsNoStep()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        await using var provider = await RecordingProvider.StartAsync(
            """{"error":{"code":400,"message":"too long","type":"exceed_context_size_error","n_prompt_tokens":5000,"n_ctx":4096}}""",
            status: 400);
        await world.ChangeEndpointAsync(spec => spec with { BaseUrl = provider.Url });

        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.RequestEntityTooLarge, ErrorCodes.ContextTooLong);

        Assert.That((error.RequestSize, error.MaxRequestSize, error.RetryAfterSeconds), Is.EqualTo((5000L, 4096L, (int?)null)));
        Assert.That(error.Detail, Is.EqualTo("The model endpoint answered 400 (exceed_context_size_error): too long."));
        Assert.That((await world.Journal.ReadHeadAsync(world.Run, default))!.Steps, Is.Zero);
    }

    [Test]
    public async Task Append_ThatTheContextIsShortened_IsNoProgress()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        var before = await world.Journal.ReadHeadAsync(world.Run, default);

        using var response = await world.PostAsync(
            world.Token, Routes.Journal, new AppendRequest(2, [Shortened("""{"maxBytes":5000,"limit":9000}""")]));

        var after = await world.Journal.ReadHeadAsync(world.Run, default);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((after!.Sequence, after.ProgressSequence), Is.EqualTo((3L, before!.ProgressSequence)));
    }

    [TestCase("""{"maxBytes":0,"limit":9000}""")]
    [TestCase("""{"maxBytes":5000}""")]
    [TestCase("""{"maxBytes":"many","limit":9000}""")]
    [TestCase("[]")]
    public async Task Append_OfABoundThatIsNone_IsRefused(string payload)
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        using var response = await world.PostAsync(world.Token, Routes.Journal, new AppendRequest(2, [Shortened(payload)]));
        await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.BadRequest, ErrorCodes.InvalidRequest);
    }

    [Test]
    public async Task Heartbeat_AfterLimitsWereChanged_HasThem()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        await world.ChangeRunAsync(spec => spec with { Limits = spec.Limits with { MaxSteps = 200, MaxContextBytes = 10_000 } });

        using var response = await world.PostAsync(world.Token, Routes.Heartbeat, new HeartbeatRequest(1));
        var answer = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.HeartbeatResponse);

        Assert.That((answer!.Terms!.Limits.MaxSteps, answer.Terms.Limits.MaxContextBytes), Is.EqualTo((200, 10_000)));
    }

    [TestCase(Routes.Run, 1)]
    [TestCase(Routes.RunWithJournal, 0)]
    public async Task Describe_WithoutTheJournal_ReadsTheRunFromTheServer(string path, int reads)
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers);
        var before = world.Runs.Reads;
        using var response = await world.GetAsync(world.Token, path);
        Assert.That((response.StatusCode, world.Runs.Reads - before), Is.EqualTo((HttpStatusCode.OK, reads)));
    }

    /// <summary>The cache may not show yet that a limit was raised, so nothing is refused because of what it shows.</summary>
    [Test]
    public async Task Chat_BudgetIsUsedUp_IsRefusedOnlyByWhatTheServerHas()
    {
        await using var world = await GatewayWorld.StartAsync(TwoAnswers, new LimitsSpec { MaxSteps = 1 });
        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        var before = world.Runs.Reads;
        using var over = await world.ChatAsync(world.Token, "step-2", 3, GatewayWorld.Body("test-model", 1));
        await ModelCallTests.AssertRefusedAsync(over, HttpStatusCode.PaymentRequired, ErrorCodes.BudgetExhausted);
        Assert.That(world.Runs.Reads - before, Is.EqualTo(1));

        world.Runs.Change(world.Run.Name, run =>
        {
            run.Spec = run.Spec with { Limits = run.Spec.Limits with { MaxSteps = 2 } };
            return run;
        });
        using var raised = await world.ChatAsync(world.Token, "step-2", 3, GatewayWorld.Body("test-model", 1));
        Assert.That(raised.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static NewRecord Shortened(string payload) => new(RecordKinds.ContextShortened, JsonElement.Parse(payload));
}
