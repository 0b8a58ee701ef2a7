using System.Globalization;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal.Tests;

/// <summary>A long journal is read with little more than one request per segment, and never held as a whole.</summary>
[TestFixture]
internal sealed class LongJournalTests
{
    private const int Segments = 100;
    private const int PageBytes = 1024 * 1024;

    private static readonly RunIdentity Run = new("team", "survey", "0a1b2c3d-0000-4000-8000-000000000001");
    private static readonly Writer Writer = new(1, "pod-uid-1");

    private readonly InMemorySegmentClient _segments = new() { IsWatched = true };
    private long _head;

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        using var store = Replica();
        await store.StartAsync(Run, "hash", JsonSerializer.SerializeToElement(new { task = "t" }), default);
        _head = (await store.ClaimEpochAsync(Run, 1, "survey-1", Writer.PodUid, default)).Sequence;
        while (_segments.Of(Run).Count() < Segments)
        {
            var batch = Enumerable.Range(0, JournalRules.MaxBatch)
                .Select(number => Records.Result(string.Create(CultureInfo.InvariantCulture, $"{_head}-{number}"), Prose(_head * 100 + number)));
            _head = (await store.AppendAsync(Run, Writer, _head, [.. batch], default)).Sequence;
        }
    }

    [Test]
    public async Task Read_InPages_AsksForEachSegmentOnce()
    {
        using var store = Replica();
        var before = _segments.Reads;

        var sequences = await ReadAllAsync(after => store.ReadAsync(Run, after, PageBytes, default, head => head.Epoch >= 1));

        Assert.That(sequences, Is.EqualTo(Enumerable.Range(1, (int)_head).Select(number => (long)number)));
        Assert.That(_segments.Reads - before, Is.LessThanOrEqualTo((int)(1.1 * Segments) + 5));
    }

    /// <summary>Each page by another replica: the service spreads requests.</summary>
    [Test]
    public async Task Read_InPagesByTurns_IsWholeAndAsksForNoSegmentOften()
    {
        using var first = Replica();
        using var second = Replica();
        var (before, pages) = (_segments.Reads, 0);

        var sequences = await ReadAllAsync(
            after => (pages++ % 2 == 0 ? first : second).ReadAsync(Run, after, PageBytes, default, head => head.Epoch >= 1));

        Assert.That(sequences, Is.EqualTo(Enumerable.Range(1, (int)_head).Select(number => (long)number)));
        Assert.That(_segments.Reads - before, Is.LessThanOrEqualTo(Segments + 2 * pages + 5));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Read_OfOneRecord_AsksForItsSegmentOnly(bool isWatched)
    {
        using var store = Replica();
        await store.ReadHeadAsync(Run, default);
        _segments.IsWatched = isWatched;
        var before = _segments.Reads;

        var first = await store.ReadAsync(Run, 0, 1, default, head => head.Epoch >= 1);

        _segments.IsWatched = true;
        Assert.That(first.Records.Single().Kind, Is.EqualTo(RecordKinds.RunStarted));
        Assert.That(_segments.Reads - before, Is.EqualTo(1));
    }

    /// <summary>A page whose start is beyond what the cache knows is found by walking on.</summary>
    [Test]
    public async Task Read_NothingWasWatched_FindsTheRecordAllTheSame()
    {
        using var store = Replica();
        await store.ReadHeadAsync(Run, default);
        _segments.IsWatched = false;

        var page = await store.ReadAsync(Run, _head / 2, 1, default, head => head.Epoch >= 1);

        _segments.IsWatched = true;
        Assert.That(page.Records.Single().Sequence, Is.EqualTo(_head / 2 + 1));
    }

    /// <summary>A repeated append compares its own records, however far the journal has gone on.</summary>
    [Test]
    public async Task Append_FarBehindTheHead_AsksForFewSegments()
    {
        using var store = Replica();
        await store.ReadHeadAsync(Run, default);
        var before = _segments.Reads;

        var refusal = await Assert.ThrowsAsync<JournalException>(() => store.AppendAsync(Run, Writer, 2, [Records.Answer("new")], default));

        Assert.That((refusal!.Code, refusal.HeadSequence), Is.EqualTo((ErrorCodes.SequenceConflict, _head)));
        Assert.That(_segments.Reads - before, Is.LessThanOrEqualTo(2));
    }

    private SegmentJournalStore Replica() => new(_segments, TimeProvider.System);

    private static async Task<IReadOnlyList<long>> ReadAllAsync(Func<long, Task<JournalReading>> read)
    {
        var sequences = new List<long>();
        JournalReading page;
        do
        {
            page = await read(sequences.LastOrDefault());
            Assert.That(page.Records.Sum(record => record.Payload.GetRawText().Length), Is.LessThanOrEqualTo(PageBytes));
            sequences.AddRange(page.Records.Select(record => record.Sequence));
        }
        while (sequences[^1] < page.Head.Sequence);

        return sequences;
    }

    /// <summary>Text that compresses as a tool's output does.</summary>
    private static string Prose(long seed)
    {
        var random = new Random((int)seed);
        return string.Concat(Enumerable.Range(0, 150).Select(line => string.Create(
            CultureInfo.InvariantCulture, $"line {line}: {random.Next():x} files were read and {random.Next():x} were written\n")));
    }
}
