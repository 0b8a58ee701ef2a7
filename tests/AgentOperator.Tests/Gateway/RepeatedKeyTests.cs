using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>I2: a step whose answer is committed is answered from the journal, whoever asks for it, where, and when.</summary>
[TestFixture]
internal sealed class RepeatedKeyTests
{
    private const int Requests = 60;
    private const int Keys = 8;
    private const string OneAnswer = "steps: [{text: hello, usage: {prompt: 11, completion: 7, cached: 3}}]";

    /// <summary>Any keys at any replica, repeated at any head, also in later epochs and behind full segments; the caches lag by any amount.</summary>
    [Test]
    public async Task Chat_AnyCallsWithAnyKeys_EachIsPaidOnceAndAnsweredWithTheSameBytes([Range(1, 6)] int seed)
    {
        var random = new Random(seed);
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await world.AddReplicaAsync();
        var answers = new Dictionary<string, (string Sequence, byte[] Body)>(StringComparer.Ordinal);
        var (token, epoch) = (world.Token, 1);
        for (var request = 0; request < Requests; request++)
        {
            var when = $"seed {seed}, request {request}";
            var head = await HeadAsync(world);
            switch (random.Next(5))
            {
                case 0:
                    await AppendAsync(world, epoch, head, random.Next(1, JournalRules.MaxBatch + 1));
                    break;
                case 1 when random.Next(3) == 0:
                    token = await world.AttemptAsync(++epoch);
                    break;
                case 2:
                    await (random.Next(2) == 0 ? world.SyncAsync<JournalSegmentHeader>() : world.SyncOtherAsync<JournalSegmentHeader>());
                    break;
            }

            head = await HeadAsync(world);
            var key = $"step-{random.Next(Keys)}";
            var isNew = !answers.TryGetValue(key, out var first);
            using var response = await world.ChatAsync(
                token, key, isNew ? head : random.NextInt64(1, head + 1), BodyOf(key), random.Next(2) == 0 ? world.Http : world.OtherHttp,
                isRepeated: random.Next(3) == 0);
            var body = await response.Content.ReadAsByteArrayAsync();

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), when);
            Assert.That(Header(response, Routes.ReplayedHeader), Is.EqualTo(isNew ? "false" : "true"), when);
            answers.TryAdd(key, (Header(response, Routes.SequenceHeader), body));
            Assert.That((Header(response, Routes.SequenceHeader), body), Is.EqualTo(isNew ? answers[key] : first), when);
            Assert.That(world.Model.Log.List(), Has.Count.EqualTo(answers.Count), $"{when}: paid calls");
        }
    }

    /// <summary>The other replica knows nothing of the commit, and is asked at the head from before.</summary>
    [Test]
    public async Task Chat_AtAReplicaThatKnowsTheHeadFromBefore_GetsTheAnswer()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await world.AddReplicaAsync();
        await world.OtherJournal.ReadHeadAsync(world.Run, default);
        using var first = await world.ChatAsync(world.Token, "step-1", 2);

        using var again = await world.ChatAsync(world.Token, "step-1", 2, replica: world.OtherHttp);

        Assert.That((again.StatusCode, Header(again, Routes.ReplayedHeader)), Is.EqualTo((HttpStatusCode.OK, "true")));
        Assert.That(await again.Content.ReadAsByteArrayAsync(), Is.EqualTo(await first.Content.ReadAsByteArrayAsync()));
        Assert.That(world.Model.Log.List(), Has.Count.EqualTo(1), "paid calls");
    }

    [Test]
    public async Task Chat_CommittedKeyWithAnotherBody_IsRefusedAndNotPaid([Values] bool isAtOther, [Values(2, 3, 5)] long expected)
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        await world.AddReplicaAsync();
        using var first = await world.ChatAsync(world.Token, "step-1", 2, BodyOf("step-1"));
        await AppendAsync(world, 1, 3, 2);

        using var other = await world.ChatAsync(
            world.Token, "step-1", expected, BodyOf("step-2"), isAtOther ? world.OtherHttp : world.Http);

        var error = await ModelCallTests.AssertRefusedAsync(other, HttpStatusCode.UnprocessableEntity, ErrorCodes.KeyReused);
        Assert.That(error.Detail, Does.StartWith(Routes.IdempotencyKeyHeader).And.Contain("record 3"));
        Assert.That((first.StatusCode, world.Model.Log.List().Count), Is.EqualTo((HttpStatusCode.OK, 1)));
    }

    /// <summary>Older gateways did not record which request an answer was to.</summary>
    [Test]
    public async Task Chat_KeyOfAnAnswerWithoutARequestHash_GetsTheAnswer()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        var answer = JsonElement.Parse("""{"model":"m","text":"from before","toolCalls":[],"finishReason":"stop","usage":{"promptTokens":1}}""");
        await world.Journal.AppendAsync(world.Run, Writer(1), 2, [new NewRecord(RecordKinds.ModelAnswer, answer, "step-1")], default);

        using var response = await world.ChatAsync(world.Token, "step-1", 3, BodyOf("anything"));

        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("from before"));
        Assert.That(world.Model.Log.List(), Is.Empty);
    }

    /// <summary>The index costs no read of the store while one replica serves a run. Behind a full segment, a look is two reads.</summary>
    [Test]
    public async Task Chat_StepAfterStep_ReadsTheStoreOnceForEach()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        var (head, before) = (2L, world.Segments.Reads);
        for (var step = 1; step <= 20; step++)
        {
            using var response = await world.ChatAsync(world.Token, $"step-{step}", head, BodyOf($"step-{step}"));

            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), $"step {step}");
            head = await AppendAsync(world, 1, head + 1, 4);
        }

        Assert.That(world.Segments.Reads - before, Is.InRange(20, 20 + world.Segments.All.Count));
    }

    /// <summary>The store was restored from a backup: the index knows an answer that is gone.</summary>
    [Test]
    public async Task Find_AnswerIsGoneFromTheStore_IsNotFound()
    {
        await using var world = await GatewayWorld.StartAsync(OneAnswer);
        var start = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        using var answers = new CommittedAnswers(world.Journal);
        Assert.That(await answers.FindAsync(world.Run, "step-1", start, default), Is.Null);
        answers.Add(world.Run, "step-1", start.Sequence, start.Sequence + 1);

        Assert.That(await answers.FindAsync(world.Run, "step-1", start, default), Is.Null);

        using var response = await world.ChatAsync(world.Token, "step-1", 2);
        var head = (await world.Journal.ReadHeadAsync(world.Run, default))!;
        Assert.That((await answers.FindAsync(world.Run, "step-1", head, default))!.Answer.Text, Is.EqualTo("hello"));
    }

    private static string BodyOf(string key) => GatewayWorld.Body("test-model", extra: $$""","user":"{{key}}" """);

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private static async Task<long> HeadAsync(GatewayWorld world) => (await world.Journal.ReadHeadAsync(world.Run, default))!.Sequence;

    private static async Task<long> AppendAsync(GatewayWorld world, int epoch, long head, int records) => (await world.Journal.AppendAsync(
        world.Run, Writer(epoch), head, [.. Enumerable.Range(0, records).Select(number => Result(number))], default)).Sequence;

    private static Writer Writer(int epoch) => new(epoch, $"pod-uid-{epoch}");

    private static NewRecord Result(int number) => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(
            new ToolOutcomePayload { Tool = "shell", Content = number.ToString(CultureInfo.InvariantCulture) },
            ProtocolJson.Default.ToolOutcomePayload),
        "tool-step",
        "call_1");
}
