using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway;

/// <summary>What was committed through one replica is in the next answer of the other, however far its caches lag.</summary>
[TestFixture]
internal sealed class ReadYourWritesTests
{
    private const int Steps = 40;

    /// <summary>The other replica's caches are filled now and then, and lag by any amount. Segments are filled and followed by others.</summary>
    [Test]
    public async Task Run_AfterAnyCommitsThroughTheOtherReplica_HasThem([Range(1, 6)] int seed)
    {
        var random = new Random(seed);
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]");
        await world.AddReplicaAsync();
        var (token, head) = (world.Token, 2L);
        for (var (step, epoch) = (0, 1); step < Steps; step++)
        {
            if (random.Next(8) == 0)
            {
                (token, head) = (await world.AttemptAsync(++epoch), head + 1);
            }

            head = await AppendAsync(world, epoch, head, random.Next(0, JournalRules.MaxBatch + 1));
            if (random.Next(4) == 0)
            {
                await world.SyncOtherAsync<JournalSegmentHeader>();
            }

            await AssertSeesAsync(world, token, head, random.NextInt64(0, head), $"seed {seed}, step {step}");
        }
    }

    /// <summary>A record in a page is the bytes that were hashed, whatever text it has.</summary>
    [TestCase(Routes.RunWithJournal)]
    [TestCase(Routes.Journal + "?after=0")]
    public async Task Page_OfAnyTexts_HasTheBytesThatWereHashed(string path)
    {
        await using var world = await GatewayWorld.StartAsync("steps: [{text: hello}]");
        var head = 2L;
        for (var seed = 0; seed < 30; seed++)
        {
            head = (await world.Journal.AppendAsync(world.Run, Writer(1), head, [Result(AnyText.Of(seed))], default)).Sequence;
        }

        using var response = await world.GetAsync(world.Token, path);
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        var page = body.RootElement.TryGetProperty("journal", out var journal) ? journal : body.RootElement;
        var before = JournalHash.Genesis;
        foreach (var record in page.GetProperty("records").EnumerateArray())
        {
            Assert.That(record.GetProperty("prevHash").GetString(), Is.EqualTo(before), $"record {record.GetProperty("sequence")}");
            before = JournalHash.Of(Encoding.UTF8.GetBytes(record.GetRawText()));
        }

        Assert.That(page.GetProperty("records").GetArrayLength(), Is.EqualTo(head));
        Assert.That((await world.Journal.ReadHeadAsync(world.Run, default))!.Hash, Is.EqualTo(before));
    }

    private static async Task AssertSeesAsync(GatewayWorld world, string token, long head, long after, string when)
    {
        using var described = await world.GetAsync(token, Routes.Run, world.OtherHttp);
        Assert.That((await described.Content.ReadFromJsonAsync(ProtocolJson.Default.RunDescription))!.HeadSequence, Is.EqualTo(head), when);

        using var started = await world.GetAsync(token, Routes.RunWithJournal, world.OtherHttp);
        var run = (await started.Content.ReadFromJsonAsync(ProtocolJson.Default.RunDescription))!;
        Assert.That((run.HeadSequence, run.Journal!.HeadSequence), Is.EqualTo((head, head)), when);
        Assert.That(run.Journal.Records.Select(record => record.Sequence), Is.EqualTo(Sequences(0, head)), when);

        using var read = await world.GetAsync(token, $"{Routes.Journal}?after={after}", world.OtherHttp);
        var page = (await read.Content.ReadFromJsonAsync(ProtocolJson.Default.JournalPage))!;
        Assert.That(page.HeadSequence, Is.EqualTo(head), when);
        Assert.That(page.Records.Select(record => record.Sequence), Is.EqualTo(Sequences(after, head)), when);
    }

    private static IEnumerable<long> Sequences(long after, long head) => Enumerable.Range(1, (int)(head - after)).Select(number => after + number);

    private static async Task<long> AppendAsync(GatewayWorld world, int epoch, long head, int records) => records == 0
        ? head
        : (await world.Journal.AppendAsync(
            world.Run, Writer(epoch), head, [.. Enumerable.Range(0, records).Select(_ => Result("done"))], default)).Sequence;

    private static Writer Writer(int epoch) => new(epoch, $"pod-uid-{epoch}");

    private static NewRecord Result(string content) => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(new ToolOutcomePayload { Tool = "shell", Content = content }, ProtocolJson.Default.ToolOutcomePayload),
        "tool-step",
        "call_1");
}
