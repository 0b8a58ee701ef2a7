using System.Text;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

[TestFixture]
internal sealed class SegmentJournalStoreTests
{
    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");
    private static readonly Writer First = new(1, "pod-uid-1");
    private static readonly Writer Second = new(2, "pod-uid-2");

    private InMemorySegmentClient _segments = null!;
    private SegmentJournalStore _store = null!;

    [SetUp]
    public void SetUp()
    {
        _segments = new InMemorySegmentClient();
        _store = Replica();
    }

    [TearDown]
    public void TearDown() => _store.Dispose();

    private SegmentJournalStore Replica() => new(_segments, TimeProvider.System);

    [Test]
    public async Task Start_Twice_StartsOnce()
    {
        var first = await StartAsync(_store);
        var second = await StartAsync(_store);
        Assert.Multiple(() =>
        {
            Assert.That(first.Sequence, Is.EqualTo(1));
            Assert.That(second, Is.EqualTo(first));
            Assert.That(_segments.Writes, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Append_AtTheExpectedHead_CommitsAndCounts()
    {
        await ClaimAsync(_store, First);
        var head = await _store.AppendAsync(Run, First, 2, [Answer("a", prompt: 10, completion: 5), Result("a/1")], default);
        Assert.Multiple(() =>
        {
            Assert.That(head.Sequence, Is.EqualTo(4));
            Assert.That(head.Steps, Is.EqualTo(1));
            Assert.That(head.ToolCalls, Is.EqualTo(1));
            Assert.That(head.Usage.Total, Is.EqualTo(15));
            Assert.That(head.ProgressSequence, Is.EqualTo(4));
        });
    }

    [Test]
    public async Task Append_OverAnotherHead_IsAConflictThatNamesTheHead()
    {
        await ClaimAsync(_store, First);
        await _store.AppendAsync(Run, First, 2, [Answer("a")], default);
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.AppendAsync(Run, First, 2, [Answer("b")], default));
        Assert.That((refusal!.Code, refusal.HeadSequence), Is.EqualTo((ErrorCodes.SequenceConflict, 3L)));
    }

    [Test]
    public async Task Append_RepeatedAfterALostReply_IsAnsweredLikeTheFirst()
    {
        await ClaimAsync(_store, First);
        var first = await _store.AppendAsync(Run, First, 2, [Answer("a")], default);
        var again = await _store.AppendAsync(Run, First, 2, [Answer("a")], default);
        Assert.That(again.Sequence, Is.EqualTo(first.Sequence));
    }

    [TestCase(WriteFault.Lost)]
    [TestCase(WriteFault.ReplyLost)]
    public async Task Append_WhenTheStoreFalters_CommitsOnce(WriteFault fault)
    {
        await ClaimAsync(_store, First);
        _segments.Faults.Enqueue(fault);
        var head = await _store.AppendAsync(Run, First, 2, [Answer("a")], default);
        var page = await _store.ReadAsync(Run, 0, int.MaxValue, default);
        Assert.Multiple(() =>
        {
            Assert.That(head.Sequence, Is.EqualTo(3));
            Assert.That(
                page.Records.Select(record => record.Kind),
                Is.EqualTo(new[] { RecordKinds.RunStarted, RecordKinds.EpochClaimed, RecordKinds.ModelAnswer }));
        });
    }

    /// <summary>I3: one epoch commits.</summary>
    [Test]
    public async Task Append_OfAStaleEpoch_IsRefusedOnEveryReplica()
    {
        using var other = Replica();
        await ClaimAsync(_store, First);
        await other.ClaimEpochAsync(Run, Second.Epoch, "survey-2", Second.PodUid, default);

        // The first replica still remembers the head at which epoch 1 was the owner.
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.AppendAsync(Run, First, 2, [Answer("late")], default));
        var head = await other.AppendAsync(Run, Second, 3, [Answer("now")], default);
        Assert.That((refusal!.Code, head.Sequence), Is.EqualTo((ErrorCodes.StaleEpoch, 4L)));
    }

    [Test]
    public async Task Append_OfAnotherPodWithTheSameEpoch_IsRefused()
    {
        await ClaimAsync(_store, First);
        var refusal = await Assert.ThrowsAsync<JournalException>(
            () => _store.AppendAsync(Run, First with { PodUid = "somebody" }, 2, [Answer("a")], default));
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.StaleEpoch));
    }

    [Test]
    public async Task Append_BeforeTheClaim_IsTooEarly()
    {
        await StartAsync(_store);
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.AppendAsync(Run, First, 1, [Answer("a")], default));
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.EpochNotClaimed));
    }

    [Test]
    public async Task Claim_OfAnOlderOrForeignEpoch_IsRefused_AndTheSameAgainChangesNothing()
    {
        await ClaimAsync(_store, First);
        var claimed = await _store.ClaimEpochAsync(Run, 2, "survey-2", Second.PodUid, default);
        var again = await _store.ClaimEpochAsync(Run, 2, "survey-2", Second.PodUid, default);
        var older = await Assert.ThrowsAsync<JournalException>(() => _store.ClaimEpochAsync(Run, 1, "survey-1", First.PodUid, default));
        var foreign = await Assert.ThrowsAsync<JournalException>(() => _store.ClaimEpochAsync(Run, 2, "survey-2", "another", default));
        Assert.Multiple(() =>
        {
            Assert.That(again, Is.EqualTo(claimed));
            Assert.That((older!.Code, foreign!.Code), Is.EqualTo((ErrorCodes.StaleEpoch, ErrorCodes.StaleEpoch)));
        });
    }

    /// <summary>I5: one terminal phase, exactly once.</summary>
    [Test]
    public async Task Finish_Twice_KeepsTheFirstEnd_AndNothingFollowsIt()
    {
        await ClaimAsync(_store, First);
        await _store.FinishAsync(Run, End("DeadlineExceeded"), default);
        var head = await _store.FinishAsync(Run, End("Other"), default);
        var late = await Assert.ThrowsAsync<JournalException>(() => _store.AppendAsync(Run, First, head.Sequence, [Answer("a")], default));
        Assert.That((head.Finished!.Reason, late!.Code), Is.EqualTo(("DeadlineExceeded", ErrorCodes.RunFinished)));
    }

    [Test]
    public async Task Change_OnAReplicaWhoseMemoryIsOld_FollowsWhatTheOtherCommitted()
    {
        await ClaimAsync(_store, First);
        using var other = Replica();
        var appended = await other.AppendAsync(Run, First, 2, [Result("a/1")], default);

        var claimed = await _store.ClaimEpochAsync(Run, 2, "survey-2", Second.PodUid, default);
        Assert.That((claimed.Sequence, claimed.Epoch), Is.EqualTo((appended.Sequence + 1, 2)));

        await other.AppendAsync(Run, Second, claimed.Sequence, [Result("a/2")], default);
        var ended = await _store.FinishAsync(Run, new RunFinishedPayload { Outcome = RunOutcome.Failed, Reason = "Test" }, default);
        Assert.That(ended.Sequence, Is.EqualTo(claimed.Sequence + 2));
        Assert.That(
            (await _store.ReadAsync(Run, 0, int.MaxValue, default)).Records.Select(record => record.Sequence),
            Is.EqualTo(new[] { 1, 2, 3, 4, 5, 6 }));
    }

    [Test]
    public async Task AppendForOperator_ReplicaHasNotSeenTheExpectedHead_LooksForIt()
    {
        await ClaimAsync(_store, First);
        using var other = Replica();
        var head = await other.AppendAsync(Run, First, 2, [Result("a/1")], default);

        var appended = await _store.AppendForOperatorAsync(Run, head.Sequence, Result("a/2"), default);

        Assert.That(appended.Sequence, Is.EqualTo(head.Sequence + 1));
    }

    [Test]
    public async Task Append_ManyRecords_SealsSegmentsThatAreNeverWrittenAgain()
    {
        await ClaimAsync(_store, First);
        for (var i = 0; i < 200; i++)
        {
            await _store.AppendAsync(Run, First, 2 + i, [Answer($"step-{i}")], default);
        }

        var segments = _segments.Of(Run).ToList();
        var page = await _store.ReadAsync(Run, 150, int.MaxValue, default);
        Assert.Multiple(() =>
        {
            Assert.That(segments, Has.Count.GreaterThan(3));
            Assert.That(segments.SkipLast(1).All(segment => segment.Sealed), "all but the last are sealed");
            Assert.That(segments.All(segment => segment.Records.Count <= 64));
            Assert.That(_segments.Writes, Is.EqualTo(202), "one write an append");
            Assert.That(page.Records.Select(record => record.Sequence), Is.EqualTo(Enumerable.Range(151, 52).Select(n => (long)n)));
        });
    }

    [Test]
    public async Task Append_LargeRecords_SealsBySize()
    {
        await ClaimAsync(_store, First);
        var random = new Random(7);
        for (var i = 0; i < 4; i++)
        {
            var noise = Convert.ToBase64String(Enumerable.Range(0, 40_000).Select(_ => (byte)random.Next(256)).ToArray());
            await _store.AppendAsync(Run, First, 2 + i, [Result($"{i}", noise)], default);
        }

        Assert.That(_segments.Of(Run).Count(), Is.EqualTo(2));
    }

    [Test]
    public async Task Append_OfARecordOverTheLimit_IsRefusedAndNothingIsWritten()
    {
        await ClaimAsync(_store, First);
        var writes = _segments.Writes;
        var refusal = await Assert.ThrowsAsync<JournalException>(
            () => _store.AppendAsync(Run, First, 2, [Result("big", new string('x', JournalRules.MaxRecordBytes))], default));
        Assert.That((refusal!.Code, _segments.Writes), Is.EqualTo((ErrorCodes.RecordTooLarge, writes)));
    }

    /// <summary>What no compression makes small is refused here: the API server would refuse the object.</summary>
    [Test]
    public async Task Append_OfARecordThatStaysLarge_IsRefusedAndNothingIsWritten()
    {
        await ClaimAsync(_store, First);
        var writes = _segments.Writes;
        var noise = new byte[600_000];
        new Random(1).NextBytes(noise);
        var refusal = await Assert.ThrowsAsync<JournalException>(
            () => _store.AppendAsync(Run, First, 2, [Result("big", Convert.ToBase64String(noise))], default));
        Assert.That((refusal!.Code, _segments.Writes), Is.EqualTo((ErrorCodes.RecordTooLarge, writes)));
    }

    [TestCase("中文的回答")]
    [TestCase("an answer, ")]
    [TestCase("\"quoted\"\n")]
    public async Task Append_OfALargeText_IsKeptWholeAndAsUtf8(string words)
    {
        var random = new Random(2);
        var text = string.Concat(Enumerable.Range(0, 100_000).Select(_ => words[random.Next(words.Length)..]));
        await ClaimAsync(_store, First);
        await _store.AppendAsync(Run, First, 2, [Answer(text)], default);
        using var other = Replica();
        var page = await other.ReadAsync(Run, 2, 1, default);
        Assert.That(page.Records.Single().Payload.GetProperty("text").GetString(), Is.EqualTo(text));
        var stored = Encoding.UTF8.GetString(RecordCompression.Decompress(_segments.Of(Run).First().Records[2]));
        Assert.That(stored, Does.Contain(text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Append_ThatTheStoreRefusesForGood_IsRefusedOnceAndTheNextIsTaken()
    {
        await ClaimAsync(_store, First);
        _segments.Faults.Enqueue(WriteFault.Refused);
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.AppendAsync(Run, First, 2, [Answer("a")], default));
        var head = await _store.AppendAsync(Run, First, 2, [Answer("b")], default);
        Assert.That((refusal!.Code, head.Sequence), Is.EqualTo((ErrorCodes.RecordRefused, 3L)));
    }

    [Test]
    public async Task Append_ByTwoReplicasAtASegmentsEdge_NeverForks()
    {
        using var other = Replica();
        await ClaimAsync(_store, First);
        for (var head = 2L; head < 150; head++)
        {
            var expected = head;
            var tries = await Task.WhenAll(
                TryAppendAsync(_store, expected, $"left-{expected}"), TryAppendAsync(other, expected, $"right-{expected}"));
            Assert.That(tries.Count(committed => committed), Is.EqualTo(1), $"exactly one append at {expected} wins");
        }

        var page = await _store.ReadAsync(Run, 0, int.MaxValue, default);
        Assert.That(page.Records, Has.Count.EqualTo(150));
    }

    /// <summary>I1: a broken hash chain stops the run.</summary>
    [Test]
    public async Task Read_AfterARecordWasChanged_SaysWhichRecordIsBroken()
    {
        await ClaimAsync(_store, First);
        await _store.AppendAsync(Run, First, 2, [Answer("a"), Result("a/1")], default);
        _segments.Tamper(Run, 1, segment =>
        {
            var records = segment.Records.ToArray();
            var text = Encoding.UTF8.GetString(RecordCompression.Decompress(records[2])).Replace("\"a\"", "\"z\"", StringComparison.Ordinal);
            records[2] = RecordCompression.Compress(Encoding.UTF8.GetBytes(text));
            return segment with { Records = records };
        });
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.ReadAsync(Run, 0, int.MaxValue, default));
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalBroken));
        Assert.That(refusal.Message, Does.Contain("record 4"));
    }

    [Test]
    public async Task Read_AfterRecordsWereSwapped_IsBroken()
    {
        await ClaimAsync(_store, First);
        await _store.AppendAsync(Run, First, 2, [Answer("a"), Answer("b")], default);
        _segments.Tamper(
            Run, 1, segment => segment with { Records = [segment.Records[0], segment.Records[1], segment.Records[3], segment.Records[2]] });
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.ReadAsync(Run, 0, int.MaxValue, default));
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalBroken));
    }

    [Test]
    public async Task Read_AKindOfANewerVersion_SaysToUpgrade()
    {
        await ClaimAsync(_store, First);
        await _store.AppendAsync(Run, First, 2, [new NewRecord("FromTheFuture", JsonSerializer.SerializeToElement(1))], default);
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.ReadAsync(Run, 0, int.MaxValue, default));
        Assert.That(refusal!.Message, Does.Contain("FromTheFuture").And.Contain("upgrade"));
    }

    [Test]
    public async Task Read_InPages_GivesEveryRecordOnce()
    {
        await ClaimAsync(_store, First);
        for (var i = 0; i < 120; i++)
        {
            await _store.AppendAsync(Run, First, 2 + i, [Result($"{i}", new string('y', 2000))], default);
        }

        var seen = new List<long>();
        JournalReading page;
        do
        {
            page = await _store.ReadAsync(Run, seen.LastOrDefault(), 10_000, default);
            seen.AddRange(page.Records.Select(record => record.Sequence));
        }
        while (seen[^1] < page.Head.Sequence);
        Assert.That(seen, Is.EqualTo(Enumerable.Range(1, 122).Select(n => (long)n)));
    }

    [Test]
    public async Task Append_WhileTheStoreStaysSilent_IsUnavailable()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        using var store = new SegmentJournalStore(_segments, time);
        for (var i = 0; i < 20; i++)
        {
            _segments.Faults.Enqueue(WriteFault.Lost);
        }

        var starting = store.StartAsync(Run, "hash", JsonSerializer.SerializeToElement(new { }), default);
        while (!starting.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(10));
        }

        var refusal = await Assert.ThrowsAsync<JournalException>(() => starting);
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalUnavailable));
    }

    private static async Task<bool> TryAppendAsync(SegmentJournalStore store, long expected, string key)
    {
        try
        {
            await Task.Yield();
            await store.AppendAsync(Run, First, expected, [Answer(key)], default);
            return true;
        }
        catch (JournalException exception) when (exception.Code == ErrorCodes.SequenceConflict)
        {
            return false;
        }
    }

    private static Task<JournalHead> StartAsync(SegmentJournalStore store) =>
        store.StartAsync(Run, "hash", JsonSerializer.SerializeToElement(new { task = "t" }), default);

    private static async Task ClaimAsync(SegmentJournalStore store, Writer writer)
    {
        await StartAsync(store);
        await store.ClaimEpochAsync(Run, writer.Epoch, $"survey-{writer.Epoch}", writer.PodUid, default);
    }

    private static RunFinishedPayload End(string reason) => new() { Outcome = RunOutcome.Failed, Reason = reason };

    private static NewRecord Answer(string key, long prompt = 1, long completion = 1) => new(
        RecordKinds.ModelAnswer,
        JsonSerializer.SerializeToElement(
            new ModelAnswerPayload { Model = "m", Text = key, FinishReason = "stop", Usage = new TokenUsage(prompt, completion, 0) },
            ProtocolJson.Default.ModelAnswerPayload),
        key);

    private static NewRecord Result(string key, string content = "done") => new(
        RecordKinds.ToolResult,
        JsonSerializer.SerializeToElement(new ToolOutcomePayload { Tool = "shell", Content = content }, ProtocolJson.Default.ToolOutcomePayload),
        key,
        "call_1");
}
