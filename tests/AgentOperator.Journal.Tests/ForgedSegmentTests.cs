using System.Text;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>Segments that somebody else wrote, changed or deleted.</summary>
[TestFixture]
internal sealed class ForgedSegmentTests
{
    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");
    private static readonly RunIdentity Other = new("team", "other", "0a1b2c3d-0000-4000-8000-000000000002");
    private static readonly Writer First = new(1, "pod-uid-1");

    private InMemorySegmentClient _segments = null!;
    private SegmentJournalStore _store = null!;

    private static IEnumerable<TestCaseData> Forgeries()
    {
        yield return Forgery("empty", segment => segment with { Records = [] }, "segment 1 has no records");
        yield return Forgery("names another run", segment => segment with { RunUid = Other.Uid }, "segment 1 belongs to another run");
        yield return Forgery("another place", segment => segment with { Index = 2 }, "segment 1 has the content of another one");
        yield return Forgery("later records", segment => segment with { FirstSequence = 9 }, "segment 1 has the content of another one");
        yield return Forgery("no start", segment => segment with { Records = [.. segment.Records.Skip(1)] }, "the hash chain is broken at record 1");
        yield return Forgery("shortened", segment => segment with { Records = [.. segment.Records.SkipLast(1)] }, "broken at record 3");
        yield return Forgery("no text", segment => segment with { Records = [[1, 2, 3]] }, "record 1 cannot be decompressed");
        yield return Forgery("no JSON", segment => segment with { Records = [Record("nothing")] }, "a stored record is not valid JSON");
        yield return Forgery("another hash", segment => Headed(segment, head => head with { Hash = JournalHash.Genesis }), "the hash chain");
        yield return Forgery("a head further on", segment => Headed(segment, head => head with { Sequence = 9 }), "the hash chain is broken");
        yield return Forgery("another owner", segment => Headed(segment, head => head with { PodUid = "mine" }), "the head of segment 1");
        yield return Forgery("another epoch", segment => Headed(segment, head => head with { Epoch = 7 }), "the head of segment 1 does not match");
        yield return Forgery(
            "an end", segment => Headed(segment, head => head with { Finished = new() { Outcome = RunOutcome.Succeeded, Reason = "Completed" } }),
            "the head of segment 1 does not match");
    }

    private static TestCaseData Forgery(string what, Func<Segment, Segment> forge, string message) =>
        new TestCaseData(forge, message).SetArgDisplayNames(what);

    [SetUp]
    public void SetUp()
    {
        _segments = new InMemorySegmentClient();
        _store = Replica();
    }

    [TearDown]
    public void TearDown() => _store.Dispose();

    [TestCaseSource(nameof(Forgeries))]
    public async Task ReadHead_FirstSegmentIsForged_IsBrokenAndSaysHow(Func<Segment, Segment> forge, string message)
    {
        await WriteAsync(Run, answers: 1);
        _segments.Tamper(Run, 1, forge);
        using var replica = Replica();
        await AssertBrokenAsync(() => replica.ReadHeadAsync(Run, default), message);
    }

    [Test]
    public async Task ReadHead_FirstSegmentIsACopyOfAnotherRuns_IsBroken()
    {
        await WriteAsync(Other, answers: 1);
        _segments.Put(Run, _segments.Of(Other).Single());
        await AssertBrokenAsync(() => _store.ReadHeadAsync(Run, default), "segment 1 is the start of another run's journal");
    }

    [Test]
    public async Task Start_FirstSegmentIsForged_IsBrokenAndWritesNothing()
    {
        await WriteAsync(Other, answers: 0);
        _segments.Put(Run, _segments.Of(Other).Single());
        var writes = _segments.Writes;
        await AssertBrokenAsync(() => _store.StartAsync(Run, "hash", JsonSerializer.SerializeToElement(new { }), default), "another run's journal");
        Assert.That(_segments.Writes, Is.EqualTo(writes));
    }

    /// <summary>Whatever somebody did to the segment, this process knows what it appended, and appends after nothing else.</summary>
    [TestCaseSource(nameof(Forgeries))]
    public async Task Append_OpenSegmentWasEdited_IsBrokenAndWritesNothing(Func<Segment, Segment> forge, string message)
    {
        await WriteAsync(Run, answers: 1);
        _segments.Tamper(Run, 1, forge);
        var writes = _segments.Writes;

        for (var tried = 0; tried < 3; tried++)
        {
            var refusal = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(_store, 3));
            Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalBroken), $"{message}: {refusal.Message}");
        }

        Assert.That(_segments.Writes, Is.EqualTo(writes));
    }

    [Test]
    public async Task Append_OpenSegmentWasRewrittenAsAWhole_IsBroken()
    {
        await WriteAsync(Run, answers: 1);
        var forged = new InMemorySegmentClient();
        using (var journal = new SegmentJournalStore(forged, TimeProvider.System))
        {
            await journal.StartAsync(Run, "another hash", JsonSerializer.SerializeToElement(new { }), default);
            await journal.ClaimEpochAsync(Run, 1, "survey-1", First.PodUid, default);
            await AppendAsync(journal, 2);
        }

        _segments.Tamper(Run, 1, _ => forged.Of(Run).Single());

        await AssertBrokenAsync(() => AppendAsync(_store, 3), "record 3 in segment 1 was changed after it was committed");
    }

    [Test]
    public async Task Append_CommittedRecordsWereRemoved_IsBroken()
    {
        await WriteAsync(Run, answers: 1);
        var before = _segments.Of(Run).Single();
        await AppendAsync(_store, 3);
        await AppendAsync(_store, 4);
        _segments.Tamper(Run, 1, _ => before);

        await AssertBrokenAsync(() => AppendAsync(_store, 5), "records 4 to 5 were removed from segment 1 after they were committed");
    }

    /// <summary>A backup of the store is older than what this process knows, also by its version.</summary>
    [Test]
    public async Task Append_StoreWasRestoredFromABackup_GoesOnFromThere()
    {
        await WriteAsync(Run, answers: 1);
        var backup = _segments.Of(Run).Single();
        await AppendAsync(_store, 3);
        _segments.Put(Run, backup);

        var refusal = await Assert.ThrowsAsync<JournalException>(() => AppendAsync(_store, 4));
        Assert.That((refusal!.Code, refusal.HeadSequence), Is.EqualTo((ErrorCodes.SequenceConflict, (long?)3)));
        Assert.That((await AppendAsync(_store, 3)).Sequence, Is.EqualTo(4));
    }

    [Test]
    public async Task Append_ByTurnsThroughTwoReplicas_IsTakenAndReadsOnlyAfterAConflict()
    {
        await WriteAsync(Run, answers: 0);
        using var other = Replica();
        for (var i = 0; i < 60; i++)
        {
            await AppendAsync(i / 10 % 2 == 0 ? _store : other, 2 + i);
        }

        var reads = _segments.Reads;
        await AppendAsync(other, 62);
        Assert.That(_segments.Reads, Is.EqualTo(reads), "the check of an append costs no request");
    }

    [Test]
    public async Task ReadHead_SealedSegmentIsTouched_IsVerified([Values(1, 2)] int index, [Values] bool isAttempt)
    {
        await WriteAsync(Run, answers: 130);
        var head = (await _store.ReadHeadAsync(Run, default))!;
        _segments.TouchedIndexes.Add(index);
        Assert.That(_store.KnownHead(Run), Is.Null, "nothing is answered from the cache before");
        Assert.That((await _store.ReadHeadAsync(Run, default))!.Sequence, Is.EqualTo(head.Sequence));
        Assert.That(_segments.TouchedIndexes, Is.Empty, "it is whole");

        _segments.Tamper(Run, index, segment => segment with { Records = [.. segment.Records.Reverse()] });
        _segments.TouchedIndexes.Add(index);
        _ = isAttempt
            ? await AssertBrokenAsync(() => AppendAsync(_store, head.Sequence), $"in segment {index}")
            : await AssertBrokenAsync(() => _store.ReadHeadAsync(Run, default), $"in segment {index}");
        Assert.That(_segments.TouchedIndexes, Is.EqualTo(new[] { index }), "it stays broken");
    }

    [Test]
    public async Task ReadHead_SealedSegmentWasDeleted_IsBrokenAndSaysWhich()
    {
        await WriteAsync(Run, answers: 130);
        _segments.Remove(Run, 2);
        _segments.TouchedIndexes.Add(2);
        var refusal = await AssertBrokenAsync(() => _store.ReadHeadAsync(Run, default), "segment 2 of the journal is missing");
        Assert.That(refusal.IsIncomplete, Is.True);
    }

    /// <summary>Whole in itself, but not what the next segment follows.</summary>
    [Test]
    public async Task ReadHead_SealedSegmentWasReplacedByAnother_IsBroken()
    {
        await WriteAsync(Run, answers: 130);
        var forged = new InMemorySegmentClient();
        using (var journal = new SegmentJournalStore(forged, TimeProvider.System))
        {
            await WriteAsync(Run, answers: 130, journal, specHash: "another");
        }

        _segments.Tamper(Run, 1, _ => forged.Of(Run).First());
        _segments.TouchedIndexes.Add(1);
        await AssertBrokenAsync(() => _store.ReadHeadAsync(Run, default), "the hash chain is broken between segments 1 and 2");
    }

    [Test]
    public async Task ReadHead_SegmentLostItsLabelsOrItsOwner_GetsThemBackOnce([Values(1, 3)] int index)
    {
        await WriteAsync(Run, answers: 130);
        var head = (await _store.ReadHeadAsync(Run, default))!;
        var writes = _segments.Writes;
        for (var time = 0; time < 3; time++)
        {
            // As a webhook does that takes them away at every write.
            _segments.Tamper(Run, index, segment => segment with { LacksMetadata = true });
            _segments.TouchedIndexes.Add(index);
            Assert.That((await _store.ReadHeadAsync(Run, default))!.Hash, Is.EqualTo(head.Hash));
        }

        Assert.That(_segments.Writes - writes, Is.EqualTo(1));
        Assert.That((await AppendAsync(_store, head.Sequence)).Sequence, Is.EqualTo(head.Sequence + 1), "the run goes on");
    }

    private static Segment Headed(Segment segment, Func<JournalHead, JournalHead> change) => segment with { Head = change(segment.Head) };

    private static byte[] Record(string text) => RecordCompression.Compress(Encoding.UTF8.GetBytes(text));

    private static Task<JournalHead> AppendAsync(SegmentJournalStore store, long expected) =>
        store.AppendAsync(Run, First, expected, [Records.Answer($"step-{expected}")], default);

    private static async Task<JournalException> AssertBrokenAsync<T>(Func<Task<T>> action, string message)
    {
        var refusal = await Assert.ThrowsAsync<JournalException>(() => action());
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalBroken), refusal.Message);
        Assert.That(refusal.Message, Does.Contain(message));
        return refusal;
    }

    private SegmentJournalStore Replica() => new(_segments, TimeProvider.System);

    private async Task WriteAsync(RunIdentity run, int answers, SegmentJournalStore? store = null, string specHash = "hash")
    {
        var journal = store ?? _store;
        await journal.StartAsync(run, specHash, JsonSerializer.SerializeToElement(new { task = "t" }), default);
        await journal.ClaimEpochAsync(run, 1, $"{run.Name}-1", First.PodUid, default);
        for (var i = 0; i < answers; i++)
        {
            await journal.AppendAsync(run, First, 2 + i, [Records.Answer($"step-{i}")], default);
        }
    }
}
