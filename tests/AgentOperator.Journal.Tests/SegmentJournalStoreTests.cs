using System.Text;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

[TestFixture]
internal sealed class SegmentJournalStoreTests
{
    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");
    private static readonly Writer First = new(1, "pod-uid-1");

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

    [TestCase(WriteFault.Lost)]
    [TestCase(WriteFault.ReplyLost)]
    public async Task Append_WhenTheStoreFalters_CommitsOnce(WriteFault fault)
    {
        await ClaimAsync(_store, First);
        _segments.Faults.Enqueue(fault);
        var head = await _store.AppendAsync(Run, First, 2, [Records.Answer("a")], default);
        var page = await _store.ReadAsync(Run, 0, int.MaxValue, default);
        Assert.Multiple(() =>
        {
            Assert.That(head.Sequence, Is.EqualTo(3));
            Assert.That(
                page.Records.Select(record => record.Kind),
                Is.EqualTo(new[] { RecordKinds.RunStarted, RecordKinds.EpochClaimed, RecordKinds.ModelAnswer }));
        });
    }

    [Test]
    public async Task Append_ManyRecords_SealsSegmentsThatAreNeverWrittenAgain()
    {
        await ClaimAsync(_store, First);
        for (var i = 0; i < 200; i++)
        {
            await _store.AppendAsync(Run, First, 2 + i, [Records.Answer($"step-{i}")], default);
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
            await _store.AppendAsync(Run, First, 2 + i, [Records.Result($"{i}", noise)], default);
        }

        Assert.That(_segments.Of(Run).Count(), Is.EqualTo(2));
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
            () => _store.AppendAsync(Run, First, 2, [Records.Result("big", Convert.ToBase64String(noise))], default));
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
        await _store.AppendAsync(Run, First, 2, [Records.Answer(text)], default);
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
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.AppendAsync(Run, First, 2, [Records.Answer("a")], default));
        var head = await _store.AppendAsync(Run, First, 2, [Records.Answer("b")], default);
        Assert.That((refusal!.Code, head.Sequence), Is.EqualTo((ErrorCodes.RecordRefused, 3L)));
    }

    [Test]
    public async Task Read_AfterRecordsWereSwapped_IsBroken()
    {
        await ClaimAsync(_store, First);
        await _store.AppendAsync(Run, First, 2, [Records.Answer("a"), Records.Answer("b")], default);
        _segments.Tamper(
            Run, 1, segment => segment with { Records = [segment.Records[0], segment.Records[1], segment.Records[3], segment.Records[2]] });
        var refusal = await Assert.ThrowsAsync<JournalException>(() => _store.ReadAsync(Run, 0, int.MaxValue, default));
        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalBroken));
    }

    /// <summary>Each is whole in itself. The page may begin exactly between them, at a replica that has read neither.</summary>
    [Test]
    public async Task Read_AfterASegmentWasSwapped_IsBroken([Values] bool fromBetween)
    {
        var other = Run with { Uid = "0a1b2c3d-0000-4000-8000-000000000002" };
        foreach (var run in new[] { Run, other })
        {
            await _store.StartAsync(run, "hash", JsonSerializer.SerializeToElement(new { run.Uid }), default);
            await _store.ClaimEpochAsync(run, 1, "survey-1", First.PodUid, default);
            for (var i = 0; i < 100; i++)
            {
                await _store.AppendAsync(run, First, 2 + i, [Records.Result($"{i}")], default);
            }
        }

        _segments.Tamper(Run, 2, _ => _segments.Of(other).ElementAt(1));
        using var replica = Replica();

        var refusal = await Assert.ThrowsAsync<JournalException>(
            () => replica.ReadAsync(Run, fromBetween ? _segments.Of(Run).First().Head.Sequence : 0, 1024 * 1024, default));

        Assert.That(refusal!.Code, Is.EqualTo(ErrorCodes.JournalBroken));
        Assert.That(refusal.Message, Is.EqualTo("the hash chain is broken between segments 1 and 2"));
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

    private static Task<JournalHead> StartAsync(SegmentJournalStore store) =>
        store.StartAsync(Run, "hash", JsonSerializer.SerializeToElement(new { task = "t" }), default);

    private static async Task ClaimAsync(SegmentJournalStore store, Writer writer)
    {
        await StartAsync(store);
        await store.ClaimEpochAsync(Run, writer.Epoch, $"survey-{writer.Epoch}", writer.PodUid, default);
    }
}
