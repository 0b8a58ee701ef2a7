using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>Records of any content and size come back as they were.</summary>
public abstract partial class JournalStoreContract
{
    private const int Payloads = 20 * JournalRules.MaxBatch;

    [Test]
    public async Task Append_OfAnyJson_IsReadByteForByte()
    {
        await ClaimAsync();
        var written = Enumerable.Range(1, Payloads).Select(Intent).ToList();
        var head = 2L;
        foreach (var batch in written.Chunk(JournalRules.MaxBatch))
        {
            head = (await AppendAsync(_store, head, [.. batch.Select(payload => new NewRecord(RecordKinds.ToolIntent, payload))])).Sequence;
        }

        // CommittedAsync encodes each record again and compares its hash with the one in the journal.
        var read = (await CommittedAsync()).Skip(2).ToList();

        Assert.That(read, Has.Count.EqualTo(Payloads));
        foreach (var (index, payload) in written.Index())
        {
            Assert.That(JsonSerializer.Serialize(read[index].Payload), Is.EqualTo(JsonSerializer.Serialize(payload)), $"seed {index + 1}");
        }
    }

    [Test]
    public async Task Append_OfAMalformedRecord_IsRefusedAsAWholeAndNamesTheField()
    {
        var head = await ClaimAsync();
        NewRecord[] records = [Records.Result("a"), new NewRecord(RecordKinds.ToolResult, JsonElement.Parse("""{"tool":"shell","content":1}"""))];

        var refusal = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(_store, 2, records));

        Assert.That((refusal!.Code, refusal.Message), Is.EqualTo((ErrorCodes.InvalidRequest, "records[1].payload.content must be a string")));
        Assert.That(await _store.ReadHeadAsync(_run, default), Is.EqualTo(head));
    }

    [Test]
    public async Task Append_OfAnyTextAsKeyAndCall_IsReadAsItWas()
    {
        await ClaimAsync();
        for (var seed = 1; seed <= 40; seed++)
        {
            var text = AnyJson.Text(seed);
            await AppendAsync(_store, 1 + seed, Records.Result(text) with { CallId = text });

            var read = (await _store.ReadAsync(_run, 1 + seed, int.MaxValue, default)).Records.Single();

            Assert.That((read.StepKey, read.CallId), Is.EqualTo((text, text)), $"seed {seed}");
        }

        await CommittedAsync();
    }

    [Test]
    public async Task Append_OfTheLargestRecords_AreReadAsTheyWere()
    {
        await ClaimAsync();
        var contents = Enumerable.Range(1, 3).Select(seed => Noise(seed, JournalRules.AlwaysTakenBytes - 1024)).ToList();
        foreach (var (index, content) in contents.Index())
        {
            await AppendAsync(_store, 2 + index, Records.Result($"{index}", content));
        }

        var read = (await CommittedAsync()).Skip(2).Select(record => record.Payload.GetProperty("content").GetString());

        Assert.That(read, Is.EqualTo(contents));
    }

    [Test]
    public async Task Append_WithARecordOverTheLimit_IsRefusedAsAWhole()
    {
        var head = await ClaimAsync();
        NewRecord[] records = [Records.Result("small"), Records.Result("big", new string('x', JournalRules.MaxRecordBytes))];

        Assert.That(await CodeOfAsync(() => AppendAsync(_store, 2, records)), Is.EqualTo(ErrorCodes.RecordTooLarge));
        Assert.That(await _store.ReadHeadAsync(_run, default), Is.EqualTo(head));
        Assert.That((await AppendAsync(_store, 2, records[0])).Sequence, Is.EqualTo(3));
    }

    /// <summary>The head bounds the texts of an end, and the last record keeps them whole.</summary>
    [Test]
    public async Task Finish_WithLongTexts_HeadIsBounded_AndTheRecordIsNot()
    {
        await ClaimAsync();
        var text = Noise(1, 20_000);

        var head = await _store.FinishAsync(_run, EndOf("Completed") with { Result = text }, default);

        Assert.That(head.Finished!.Result, Has.Length.InRange(4000, 4096));
        Assert.That(await Replica().ReadHeadAsync(_run, default), Is.EqualTo(head));
        Assert.That((await CommittedAsync())[^1].Payload.GetProperty("result").GetString(), Is.EqualTo(text));
    }

    /// <summary>The API server need not take an empty text.</summary>
    [Test]
    public async Task Finish_WithEmptyTexts_HeadHasNone()
    {
        await ClaimAsync();

        var head = await _store.FinishAsync(_run, EndOf("Completed") with { Result = "", Message = "" }, default);

        Assert.That((head.Finished!.Result, head.Finished.Message), Is.EqualTo(((string?)null, (string?)null)));
        Assert.That(await Replica().ReadHeadAsync(_run, default), Is.EqualTo(head));
    }

    /// <summary>A payload with a field of its own, of any JSON.</summary>
    private static JsonElement Intent(int seed) =>
        JsonElement.Parse($$"""{"tool":"t","effect":"Pure","any":{{AnyJson.Of(seed).GetRawText()}}}""");

    /// <summary>Text that does not compress.</summary>
    private static string Noise(int seed, int length)
    {
        var bytes = new byte[length * 3 / 4];
        new Random(seed).NextBytes(bytes);

        // Without characters that JSON escapes.
        return Convert.ToBase64String(bytes).Replace('+', '-')[..(length / 4 * 4)];
    }
}
