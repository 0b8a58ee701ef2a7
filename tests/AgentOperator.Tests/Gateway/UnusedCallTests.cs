using System.Net;
using AgentOperator.Api;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentOperator.Tests.Gateway;

/// <summary>I10: a call that the provider was sent counts, also when it brought nothing.</summary>
[TestFixture]
internal sealed class UnusedCallTests
{
    private const string OneDrop = "steps: [{text: hello, faults: [{drop: true}]}]";

    [TestCase("truncated: true")]
    [TestCase("emptyBody: true")]
    public async Task Chat_AnswersThatCannotBeRead_AreCountedAndAfterTheSecondAPersonIsWaitedFor(string fault)
    {
        await using var world = await GatewayWorld.StartAsync($"steps: [{{text: hello, faults: [{{{fault}, times: 100}}]}}]");

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.ServiceUnavailable, ErrorCodes.ModelUnavailable);
        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Detail, Does.Contain("baseUrl"));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(2), "calls");
            Assert.That((head.UnusedModelCalls, head.Steps), Is.EqualTo((2L, 0)));
            Assert.That(head.UnusedTokens, Is.Positive);
        });
    }

    [Test]
    public async Task Chat_UnreadableAnswerWithAUsage_CountsWhatTheProviderCounted()
    {
        await using var world = await GatewayWorld.StartAsync(
            """steps: [{raw: '{"choices":[{"message":"text"}],"usage":{"prompt_tokens":11,"completion_tokens":7}}', repeat: 9}]""");

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.That((head.UnusedModelCalls, head.UnusedTokens), Is.EqualTo((2L, 36L)));
    }

    /// <summary>A model seldom writes the same broken call again, or nothing. If it does, it is told. Either way the endpoint is well.</summary>
    [TestCase("status: 500, message: 'Failed to parse input at pos 3: <tool', times: 1", 2, 1, "stop")]
    [TestCase("status: 500, message: 'Failed to parse input at pos 3: <tool', times: 100", 3, 2, "tool_calls")]
    [TestCase("emptyChoices: true, times: 100", 3, 2, "stop")]
    public async Task Chat_AnswerIsWorthAnotherTry_IsTriedAgainAndCountedAndThenTaken(string fault, int calls, long unused, string finishReason)
    {
        await using var world = await GatewayWorld.StartAsync($"steps: [{{text: hello, faults: [{{{fault}}}]}}]");

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.Multiple(async () =>
        {
            Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain($"\"finish_reason\":\"{finishReason}\""));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(calls), "calls");
            Assert.That((head.UnusedModelCalls, head.Steps), Is.EqualTo((unused, 1)));
            Assert.That(head.UnusedTokens, Is.Positive);
        });
    }

    /// <summary>What is worth another try is not taken because other failures used up the retries.</summary>
    [Test]
    public async Task Chat_OtherFailuresUsedUpTheRetries_AnswerIsTriedAgainLater()
    {
        await using var world = await GatewayWorld.StartAsync(
            "steps: [{text: hello, faults: [{status: 503, retryAfterMs: 1, times: 1}, {emptyChoices: true}]}]");
        await world.ChangeEndpointAsync(spec => spec with { MaxRetries = 1 });

        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        using var second = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.That((first.StatusCode, second.StatusCode), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)));
        Assert.That(await second.Content.ReadAsStringAsync(), Does.Contain("hello"));
        Assert.That((head.UnusedModelCalls, head.Steps), Is.EqualTo((1L, 1)));
    }

    [Test]
    public async Task Chat_ConnectionBreaksOnce_IsCountedWithTheAnswerThatFollows()
    {
        await using var world = await GatewayWorld.StartAsync(OneDrop);

        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        using var again = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.Multiple(() =>
        {
            Assert.That((first.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
            Assert.That(first.Headers.GetValues(Routes.SequenceHeader).Single(), Is.EqualTo("4"));
            Assert.That(again.Headers.GetValues(Routes.SequenceHeader).Single(), Is.EqualTo("4"));
            Assert.That(again.Headers.GetValues(Routes.ReplayedHeader).Single(), Is.EqualTo("true"));
            Assert.That((head.UnusedModelCalls, head.Steps, head.Sequence), Is.EqualTo((1L, 1, 4L)));
            Assert.That(UsageStatus.Of(head).TotalTokens, Is.EqualTo(head.Usage.Total + head.UnusedTokens));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(2), "calls");
        });
    }

    [Test]
    public async Task Chat_ProviderTakesTooLong_IsCounted()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello, delayMs: 60000}]");
        await world.ChangeEndpointAsync(spec => spec with { TimeoutSeconds = 1, MaxRetries = 0 });

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.That((response.StatusCode, head.UnusedModelCalls), Is.EqualTo((HttpStatusCode.ServiceUnavailable, 1L)));
    }

    [TestCase("status: 503")]
    [TestCase("status: 429, retryAfterSeconds: 90")]
    public async Task Chat_ProviderRefuses_IsNotCounted(string fault)
    {
        await using var world = await GatewayWorld.StartAsync($"steps: [{{text: hello, faults: [{{{fault}, times: 100}}]}}]");
        await world.ChangeEndpointAsync(spec => spec with { MaxRetries = 0 });

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.That((head.UnusedModelCalls, head.Sequence), Is.EqualTo((0L, 2L)));
    }

    [Test]
    public async Task Chat_RunnerHasNotReadTheUnusedCalls_IsAnsweredAllTheSame()
    {
        await using var world = await GatewayWorld.StartAsync(OneDrop);
        await world.ChangeEndpointAsync(spec => spec with { MaxRetries = 0 });

        using var broken = await world.ChatAsync(world.Token, "step-1", 2);
        using var answered = await world.ChatAsync(world.Token, "step-1", 2);

        Assert.That((broken.StatusCode, answered.StatusCode), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)));
        Assert.That(answered.Headers.GetValues(Routes.SequenceHeader).Single(), Is.EqualTo("4"));
    }

    [Test]
    public async Task Chat_UnusedCallsUsedUpTheTokens_IsRefusedByEveryReplicaAndSaysSo()
    {
        await using var world = await GatewayWorld.StartAsync(OneDrop, new LimitsSpec { MaxTokens = 100 });
        await world.AddReplicaAsync();

        using var first = await world.ChatAsync(world.Token, "step-1", 2);
        using var elsewhere = await world.ChatAsync(world.Token, "step-1", 2, replica: world.OtherHttp);

        foreach (var response in new[] { first, elsewhere })
        {
            var error = await ModelCallTests.AssertRefusedAsync(response, HttpStatusCode.PaymentRequired, ErrorCodes.BudgetExhausted);
            Assert.That(error.Detail, Does.Contain("spec.limits.maxTokens").And.Contain("1 model call that brought no usable answer"));
        }

        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "a retry is not made over the budget");
    }

    [Test]
    public async Task Commit_FortyCallsOfTwoReplicasAndNoAnswerEver_AllAreInTheJournal()
    {
        await using var world = await GatewayWorld.StartAsync(OneDrop);
        await world.AddReplicaAsync();
        var metrics = new GatewayMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider()
            .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        UnusedCalls[] replicas =
        [
            new(world.Journal, metrics, NullLogger<UnusedCalls>.Instance), new(world.OtherJournal, metrics, NullLogger<UnusedCalls>.Instance),
        ];

        for (var call = 0; call < 40; call++)
        {
            replicas[call % 2].Add(world.Run, "provider", new TokenUsage(10, 5, 0));
            await replicas[call % 2].CommitAsync(world.Run, default);
        }

        var head = (await world.OtherJournal.ReadHeadAsync(world.Run, default))!;
        Assert.That((head.UnusedModelCalls, head.UnusedTokens), Is.EqualTo((40L, 600L)));
    }

    [Test]
    public async Task Commit_StoreIsAway_IsMadeUpForLater()
    {
        await using var world = await GatewayWorld.StartAsync(OneDrop);
        var metrics = new GatewayMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider()
            .GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        var journal = new AwayJournal(world.Journal);
        var unused = new UnusedCalls(journal, metrics, NullLogger<UnusedCalls>.Instance);
        unused.Add(world.Run, "provider", new TokenUsage(10, 5, 0));

        await unused.CommitAsync(world.Run, default);
        Assert.That(unused.Find(world.Run.Uid), Is.EqualTo(new ModelCallsUnusedPayload(1, new TokenUsage(10, 5, 0))));

        journal.IsAway = false;
        unused.Add(world.Run, "provider", new TokenUsage(1, 0, 0));
        await unused.CommitAsync(world.Run, default);

        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.That((head.UnusedModelCalls, head.UnusedTokens, unused.Find(world.Run.Uid)), Is.EqualTo((2L, 16L, (ModelCallsUnusedPayload?)null)));
    }

    /// <summary>A journal whose store does not answer.</summary>
    private sealed class AwayJournal(IJournalStore journal) : IJournalStore
    {
        public bool IsAway { get; set; } = true;

        private IJournalStore Store => IsAway ? throw new JournalException(ErrorCodes.JournalUnavailable, "the store is away") : journal;

        public async Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken) =>
            await Store.ReadHeadAsync(run, cancellationToken);

        public JournalHead? KnownHead(RunIdentity run) => journal.KnownHead(run);

        public bool IsKnownOpen(RunIdentity run) => journal.IsKnownOpen(run);

        public Task<JournalReading> ReadAsync(
            RunIdentity run, long after, int maxBytes, CancellationToken cancellationToken, Func<JournalHead, bool>? isEnough = null) =>
            Store.ReadAsync(run, after, maxBytes, cancellationToken, isEnough);

        public Task<JournalHead> StartAsync(
            RunIdentity run, string specHash, System.Text.Json.JsonElement spec, CancellationToken cancellationToken) =>
            Store.StartAsync(run, specHash, spec, cancellationToken);

        public Task<JournalHead> ClaimEpochAsync(RunIdentity run, int epoch, string pod, string podUid, CancellationToken cancellationToken) =>
            Store.ClaimEpochAsync(run, epoch, pod, podUid, cancellationToken);

        public Task<JournalHead> AppendAsync(
            RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken) =>
            Store.AppendAsync(run, writer, expectedSequence, records, cancellationToken);

        public Task<JournalHead> AppendForOperatorAsync(
            RunIdentity run, long expectedSequence, NewRecord record, CancellationToken cancellationToken) =>
            Store.AppendForOperatorAsync(run, expectedSequence, record, cancellationToken);

        public Task<JournalHead> FinishAsync(RunIdentity run, RunFinishedPayload end, CancellationToken cancellationToken) =>
            Store.FinishAsync(run, end, cancellationToken);
    }
}
