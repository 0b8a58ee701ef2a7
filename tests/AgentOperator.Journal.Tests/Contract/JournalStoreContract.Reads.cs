using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>Reads are linearizable, come in pages, and stop at what is broken or unknown.</summary>
public abstract partial class JournalStoreContract
{
    [Test]
    public async Task Read_InPages_GivesEveryRecordOnce()
    {
        await ClaimAsync();
        for (var i = 0; i < 120; i++)
        {
            await AppendAsync(_store, 2 + i, Records.Result($"{i}", new string('y', 2000)));
        }

        var (seen, pages) = (new List<long>(), 0);
        JournalReading page;
        do
        {
            page = await _store.ReadAsync(_run, seen.LastOrDefault(), 10_000, default);
            seen.AddRange(page.Records.Select(record => record.Sequence));
            pages++;
        }
        while (seen[^1] < page.Head.Sequence);

        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 122).Select(number => (long)number)));
        Assert.That(pages, Is.InRange(122 / 5, 122), "about four records fit into a page");
    }

    [Test]
    public async Task Read_OfTheSmallestPage_HasOneRecord_AndNoneAfterTheHead()
    {
        await ClaimAsync();

        await Assert.MultipleAsync(async () =>
        {
            Assert.That((await _store.ReadAsync(_run, 0, 1, default)).Records.Select(record => record.Sequence), Is.EqualTo(new[] { 1 }));
            Assert.That((await _store.ReadAsync(_run, 1, 1, default)).Records.Select(record => record.Sequence), Is.EqualTo(new[] { 2 }));
            Assert.That((await _store.ReadAsync(_run, 2, int.MaxValue, default)).Records, Is.Empty);
            Assert.That((await _store.ReadAsync(_run, 99, int.MaxValue, default)).Records, Is.Empty);
        });
    }

    [Test]
    public async Task Read_AfterAnotherReplicasAppend_SeesIt()
    {
        await ClaimAsync();
        var head = await AppendAsync(Replica(), 2, Records.Answer("a"));

        var reading = await _store.ReadAsync(_run, 2, int.MaxValue, default);

        Assert.That((reading.Head, reading.Records.Single().StepKey), Is.EqualTo((head, "a")));
        Assert.That(await _store.ReadHeadAsync(_run, default), Is.EqualTo(head));
    }

    [Test]
    public async Task Read_CacheIsNotEnough_ReadsTheStore()
    {
        await ClaimAsync();
        await ClaimSecondAsync(Replica());

        var reading = await _store.ReadAsync(_run, 0, int.MaxValue, default, head => head.Epoch >= 2);

        Assert.That((reading.Head.Epoch, reading.Records[^1].Kind, reading.Records[^1].Epoch), Is.EqualTo((2, RecordKinds.EpochClaimed, 2)));
    }

    [Test]
    public async Task KnownHead_OfAnyReplica_IsNeverAheadOfTheStore()
    {
        await ClaimAsync();
        var other = Replica();
        for (var expected = 2; expected < 6; expected++)
        {
            var head = await AppendAsync(expected % 2 == 0 ? _store : other, expected, Records.Answer($"{expected}"));

            foreach (var known in new[] { _store.KnownHead(_run), other.KnownHead(_run), Replica().KnownHead(_run) }.OfType<JournalHead>())
            {
                Assert.That(known.Sequence, Is.LessThanOrEqualTo(head.Sequence));
                Assert.That(known.Sequence < head.Sequence || known == head);
            }
        }
    }

    [Test]
    public async Task Runs_OfOneStore_HaveJournalsOfTheirOwn()
    {
        await ClaimAsync();
        var neighbor = await CreateRunAsync("neighbor");

        Assert.That(await _store.ReadHeadAsync(neighbor, default), Is.Null);
        Assert.That((await StartAsync(_store, neighbor)).Sequence, Is.EqualTo(1));
        Assert.That(await CommittedAsync(), Has.Count.EqualTo(2));
    }

    /// <summary>I1: a broken hash chain stops the run.</summary>
    [Test]
    public async Task Read_AfterARecordWasChanged_SaysWhichRecordIsBroken()
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"), Records.Result("a/1"));
        await DamageAsync(_run, 3, record => record.Replace("\"a\"", "\"z\"", StringComparison.Ordinal));

        var refusal = await Assert.ThrowsAsync<JournalException>(() => Replica().ReadAsync(_run, 0, int.MaxValue, default));

        Assert.That((refusal!.Code, refusal.Message), Is.EqualTo((ErrorCodes.JournalBroken, refusal.Message)));
        Assert.That(refusal.Message, Does.Contain("record 4"));
    }

    [Test]
    public async Task Read_AfterTheLastRecordWasChanged_IsBroken()
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"));
        await DamageAsync(_run, 3, record => record.Replace("\"a\"", "\"z\"", StringComparison.Ordinal));

        Assert.That(await CodeOfAsync(() => Replica().ReadAsync(_run, 0, int.MaxValue, default)), Is.EqualTo(ErrorCodes.JournalBroken));
    }

    /// <summary>An upgrade reads a newer record, so no run ends over it. A new kind comes with a new version.</summary>
    [TestCase("\"kind\":\"ToolResult\"", "\"kind\":\"FromTheFuture\"", ErrorCodes.JournalBroken)]
    [TestCase("\"schemaVersion\":1", "\"schemaVersion\":3", ErrorCodes.JournalUnavailable)]
    [TestCase("\"schemaVersion\":1", "\"schemaVersion\":0", ErrorCodes.JournalBroken)]
    public async Task Read_ARecordOfANewerVersion_SaysToUpgrade(string known, string unknown, string code)
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Result("a/1"));
        await DamageAsync(_run, 3, record => record.Replace(known, unknown, StringComparison.Ordinal), isHashed: true);

        var refusal = await Assert.ThrowsAsync<JournalException>(() => Replica().ReadAsync(_run, 0, int.MaxValue, default));

        Assert.That(refusal!.Code, Is.EqualTo(code));
        Assert.That(refusal.Message, Does.StartWith("record 3 has schema").And.Contain("upgrade the operator"));
    }

    /// <summary>Whoever wrote it: it is named, and nobody guesses at it.</summary>
    [TestCase("\"content\":\"done\"", "\"content\":null", "payload.content must be a string")]
    [TestCase("\"tool\":\"shell\",", "", "payload.tool is missing")]
    public async Task Read_AMalformedRecord_SaysWhichRecordAndField(string valid, string malformed, string expected)
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Result("a/1"));
        await DamageAsync(_run, 3, record => record.Replace(valid, malformed, StringComparison.Ordinal), isHashed: true);

        var refusal = await Assert.ThrowsAsync<JournalException>(() => Replica().ReadAsync(_run, 0, int.MaxValue, default));

        Assert.That(
            (refusal!.Code, refusal.Message), Is.EqualTo((ErrorCodes.JournalBroken, $"record 3 is not a valid ToolResult: {expected}")));
    }

    [Test]
    public async Task Append_OfAKindOfThisVersion_IsWrittenWithTheVersionThatIntroducedIt()
    {
        await ClaimAsync();
        await AppendAsync(_store, 2, Records.Answer("a"), Records.Result("a/1"), Records.LeftOut("b", "c"));

        Assert.That(
            (await CommittedAsync()).Select(record => record.SchemaVersion),
            Is.EqualTo((await CommittedAsync()).Select(record => RecordKinds.SchemaVersionOf(record.Kind))));
    }
}
