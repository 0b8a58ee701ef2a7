using System.Net;
using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace AgentOperator.Tests.Gateway;

/// <summary>I2 and I10: a call is made once, whoever asks, wherever and however often, and a run has one at a time.</summary>
[TestFixture]
internal sealed class PaidOnceTests
{
    private const string SlowAnswer = "steps: [{text: hello, delayMs: 1500}]";

    [TestCase(1)]
    [TestCase(5)]
    public async Task Chat_RepeatedAtAnotherReplica_JoinsTheCallInTheFirstEpochAsInLaterOnes(int epoch)
    {
        await using var world = await GatewayWorld.StartAsync(SlowAnswer);
        await world.AddReplicaAsync();
        var (token, head) = epoch == 1 ? (world.Token, 2) : (await world.AttemptAsync(epoch), 3);
        var first = world.ChatAsync(token, "step-1", head);
        await Eventually.TrueAsync("the model is asked", () => world.Model.Log.InFlight == 1);

        using var again = await world.ChatAsync(token, "step-1", head, replica: world.OtherHttp, isRepeated: true);

        using var answered = await first;
        Assert.Multiple(() =>
        {
            Assert.That((answered.StatusCode, again.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "paid calls");
        });
    }

    [Test]
    public async Task Chat_ManyStepsAtOnce_OneCallIsMade()
    {
        await using var world = await GatewayWorld.StartAsync(SlowAnswer, new LimitsSpec { MaxSteps = 1 });

        var responses = await Task.WhenAll(Enumerable.Range(1, 20).Select(step => world.ChatAsync(world.Token, $"step-{step}", 2)));

        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "paid calls");
        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.OK), Is.EqualTo(1));
        Assert.That(responses.Count(response => response.StatusCode == HttpStatusCode.Conflict), Is.EqualTo(19));
        foreach (var response in responses)
        {
            response.Dispose();
        }
    }

    [Test]
    public async Task Chat_AnotherReplicaCommitsWhileARefusedKeyIsReadAgain_IsNotSentAgain()
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]", secret: "sk-old");
        await world.AddReplicaAsync();
        var (reads, calls) = (0, 0);
        world.OnRequest(request =>
        {
            if (request.Target?.Name != "provider-key" || ++reads != 2)
            {
                return;
            }

            world.Secrets.Change("provider-key", secret => secret with
            {
                Data = new Dictionary<string, byte[]> { ["key"] = Encoding.UTF8.GetBytes(GatewayWorld.ApiKey) },
            });
            using var other = world.ChatAsync(world.Token, "step-1", 2, replica: world.OtherHttp).GetAwaiter().GetResult();
            Assert.That(other.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            calls = world.Model.Log.List().Count;
        });

        using var response = await world.ChatAsync(world.Token, "step-1", 2);

        Assert.That((response.StatusCode, reads), Is.EqualTo((HttpStatusCode.OK, 2)), "the runner gets the other replica's answer");
        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(calls), "calls of the provider");
    }

    /// <summary>The provider refuses the form of a request, and another replica commits the step before it is sent in another form.</summary>
    [TestCase("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.")]
    [TestCase("'messages.0' : property 'signature' is unsupported")]
    public async Task Chat_AnotherReplicaCommitsWhileTheProviderRefusesTheForm_IsNotSentAgain(string refusal)
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]");
        await using var provider = await RecordingProvider.StartAsync(
            $$$"""{"error":{"message":"{{{refusal}}}","type":"invalid_request_error"}}""", status: 400);
        await world.AddReplicaAsync();
        await world.ChangeEndpointAsync(spec => spec with { BaseUrl = $"{provider.Url}/v1" });
        var isCommitted = false;
        world.OnRequest(_ =>
        {
            if (provider.Requests.Count == 1 && !isCommitted)
            {
                isCommitted = true;
                var answer = JsonElement.Parse("""{"model":"m","text":"the other's","toolCalls":[],"finishReason":"stop","usage":{}}""");
                world.OtherJournal.AppendAsync(
                    world.Run, new Writer(1, "pod-uid-1"), 2, [new NewRecord(RecordKinds.ModelAnswer, answer, "step-1")], default)
                    .GetAwaiter().GetResult();
            }
        });

        using var response = await world.ChatAsync(
            world.Token, "step-1", 2,
            """{"model":"test-model","messages":[{"role":"assistant","content":"one","signature":"s"}],"max_tokens":9}""");

        Assert.That(provider.Requests, Has.Count.EqualTo(1), "requests of the provider");
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("the other"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Chat_OfADeletedRun_IsNotPaidFor(bool isReplaced)
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{faults: [{status: 503}], text: hello}]");
        var call = world.ChatAsync(world.Token, "step-1", 2);
        await Eventually.TrueAsync("the first try fails", () => world.Model.Log.List().Count == 1);

        var run = world.Runs[world.Run.Name];
        world.Runs.Remove(world.Run.Name);
        run.Metadata.Uid = isReplaced ? "another-uid" : run.Metadata.Uid;
        run.Metadata.DeletionTimestamp = isReplaced ? null : DateTime.UnixEpoch;
        world.Runs.Put(run);
        await world.SyncAsync<AgentRun>();

        using var response = await call;
        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "calls");
        });
    }

    /// <summary>The next attempt joined a call that was not sent any more, and makes it again, while the runner asks another replica.</summary>
    [Test]
    public async Task CommitForPeer_CallIsSupersededAndMadeAgain_WaitsForItAndPassesItsUnusedCalls()
    {
        await using var world = await GatewayWorld.StartAsync(SlowAnswer);
        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        var writer = new Writer(head.Epoch, head.PodUid!);
        var step = new ModelStep(new RunnerIdentity(world.Run, writer, head.Pod!), "step-1", head.Sequence);
        var paid = world.Services.GetRequiredService<PaidAnswers>();
        var (unsent, sent) = (new TaskCompletionSource<ProviderOutcome>(), new TaskCompletionSource<ProviderOutcome>());
        var first = paid.GetOrCallAsync(world.Run.Uid, step.Key, () => unsent.Task);
        var again = paid.GetOrCallAsync(world.Run.Uid, step.Key, () => sent.Task);

        var committed = world.Services.GetRequiredService<AnswerCommit>().CommitForPeerAsync(step, default);
        await world.Journal.AppendAsync(
            world.Run, writer, head.Sequence, [UnusedCalls.RecordOf(new ModelCallsUnusedPayload(1, new TokenUsage(1, 1, 0)))], default);
        unsent.SetResult(new ProviderOutcome.Superseded(head));
        sent.SetResult(new ProviderOutcome.Answered(new ModelAnswerPayload { Model = "m", FinishReason = "stop", Text = "hello" }));

        Assert.That(await committed, Is.True);
        Assert.That(await first, Is.SameAs(await again));
        var records = (await world.Journal.ReadAsync(world.Run, head.Sequence, int.MaxValue, default)).Records;
        Assert.That(records.Select(record => record.Kind), Is.EqualTo(new[] { RecordKinds.ModelCallsUnused, RecordKinds.ModelAnswer }));
    }

    [Test]
    public async Task GetOrCall_JoinedCallIsNotSent_OwnCallIsMadeAndFoundAllTheWhile()
    {
        var paid = new PaidAnswers(TimeProvider.System);
        var (unsent, sent) = (new TaskCompletionSource<ProviderOutcome>(), new TaskCompletionSource<ProviderOutcome>());
        var first = paid.GetOrCallAsync("run", "step-1", () => unsent.Task);
        var joined = paid.GetOrCallAsync("run", "step-1", () => sent.Task);
        var head = new JournalHead { Hash = "", Sequence = 2, Epoch = 2, Time = DateTimeOffset.UnixEpoch };
        unsent.SetResult(new ProviderOutcome.Superseded(head));

        Assert.That(paid.Find("run", "step-1"), Is.SameAs(joined));
        sent.SetResult(new ProviderOutcome.Unavailable("away"));
        Assert.That((await first, await joined), Is.EqualTo((await sent.Task, await sent.Task)));
        Assert.That(paid.Find("run", "step-1"), Is.Null);

        var again = await paid.GetOrCallAsync("run", "step-1", () => Task.FromResult<ProviderOutcome>(new ProviderOutcome.RunDeleted()));
        Assert.That(again, Is.InstanceOf<ProviderOutcome.RunDeleted>(), "a call that ended without an answer is not joined");
    }

    [Test]
    public async Task PaidAnswer_OfASlowCall_IsKeptFromWhenItCame()
    {
        var time = new FakeTimeProvider();
        var paid = new PaidAnswers(time);
        var answer = new TaskCompletionSource<ProviderOutcome>();
        var call = paid.GetOrCallAsync("run", "step-1", () => answer.Task);
        time.Advance(TimeSpan.FromMinutes(20));
        answer.SetResult(new ProviderOutcome.Answered(new ModelAnswerPayload { Model = "m", FinishReason = "stop" }));
        await call;

        time.Advance(TimeSpan.FromMinutes(14));
        Assert.That(await paid.GetOrCallAsync("run", "step-1", () => throw new AssertionException("paid again")), Is.SameAs(await call));

        time.Advance(TimeSpan.FromMinutes(2));
        await paid.GetOrCallAsync("other", "step-1", () => answer.Task);
        Assert.That(paid.Find("run", "step-1"), Is.Null);
    }

    [Test]
    public async Task PaidAnswer_ThatTheRunWentOnWithout_MakesRoomForTheNextStep()
    {
        var paid = new PaidAnswers(new FakeTimeProvider());
        var answered = Task.FromResult<ProviderOutcome>(new ProviderOutcome.Answered(new ModelAnswerPayload { Model = "m", FinishReason = "stop" }));
        await paid.GetOrCallAsync("run", "step-1", () => answered);
        var next = new TaskCompletionSource<ProviderOutcome>();

        var call = paid.GetOrCallAsync("run", "step-2", () => next.Task);

        Assert.That(() => paid.GetOrCallAsync("run", "step-3", () => next.Task), Throws.InstanceOf<GatewayException>());
        next.SetResult(new ProviderOutcome.Unavailable("away"));
        await call;
        Assert.That(paid.Find("run", "step-2"), Is.Null);
    }

    [Test]
    public async Task Stop_WhileAnAnswerIsUnderWay_WaitsForItUntilTheTimeout()
    {
        await using var world = await GatewayWorld.StartAsync(SlowAnswer);
        var answers = world.Services.GetRequiredService<AnswersUnderWay>();
        var answer = new TaskCompletionSource<ModelReply>();
        _ = answers.Track(answer.Task);

        var stop = answers.StoppingAsync(CancellationToken.None);
        Assert.That(stop.IsCompleted, Is.False);
        answer.SetException(new InvalidOperationException("the runner hung up"));
        await stop;

        _ = answers.Track(new TaskCompletionSource<ModelReply>().Task);
        await answers.StoppingAsync(new CancellationToken(canceled: true));
    }

    /// <summary>The agent dies, and its replica is told to stop while the model answers. The next attempt asks the other replica.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task Stop_NextAttemptAsksAnotherReplica_IsNotPaidTwice(bool hasCome)
    {
        await using var world = await GatewayWorld.StartAsync(SlowAnswer);
        await world.AddReplicaAsync();
        using (var hangUp = new CancellationTokenSource())
        {
            var call = world.ChatAsync(world.Token, "step-1", 2, cancellationToken: hangUp.Token);
            await Eventually.TrueAsync("the model is asked", () => world.Model.Log.InFlight == 1);
            await hangUp.CancelAsync();
            Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        }

        var token = await world.AttemptAsync(2);
        var paid = world.Services.GetRequiredService<PaidAnswers>();
        if (hasCome)
        {
            await Eventually.TrueAsync("the answer is in hand", () => paid.Uncommitted().Contains(world.Run.Uid));
        }

        var stopped = world.StopReplicaAsync();
        using var response = await world.ChatAsync(token, "step-1", 3, replica: world.OtherHttp);
        await stopped;

        Assert.Multiple(() =>
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "paid calls");
            Assert.That(paid.Uncommitted(), Is.Empty);
        });
    }

    [Test]
    public async Task Request_AtAReplicaThatStops_IsTheLastOfItsConnection()
    {
        await using var world = await GatewayWorld.StartAsync(SlowAnswer);
        using var before = await world.GetAsync(world.Token, Routes.Run);
        world.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        using var after = await world.GetAsync(world.Token, Routes.Run);

        Assert.That((before.Headers.ConnectionClose, after.Headers.ConnectionClose), Is.EqualTo(((bool?)null, (bool?)true)));
    }
}
