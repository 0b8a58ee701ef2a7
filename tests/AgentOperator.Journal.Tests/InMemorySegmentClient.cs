using System.Collections.Concurrent;
using System.Globalization;

namespace AgentOperator.Journal.Tests;

/// <summary>
/// Segments in memory with the API server's rules: names are unique, a replace needs the version it read. Faults strike where a test asks.
/// </summary>
internal sealed class InMemorySegmentClient : ISegmentClient
{
    private readonly ConcurrentDictionary<(string Uid, int Index), Segment> _segments = new();
    private readonly Lock _lock = new();
    private long _version;

    /// <summary>What happens to the next writes: each is taken once, in order.</summary>
    public ConcurrentQueue<WriteFault> Faults { get; } = new();

    public int Writes { get; private set; }

    public IEnumerable<Segment> Of(RunIdentity run) =>
        _segments.Where(pair => pair.Key.Uid == run.Uid).OrderBy(pair => pair.Key.Index).Select(pair => pair.Value);

    public void Tamper(RunIdentity run, int index, Func<Segment, Segment> change) =>
        _segments[(run.Uid, index)] = change(_segments[(run.Uid, index)]) with { ResourceVersion = NextVersion() };

    public void Remove(RunIdentity run, int index) => _segments.TryRemove((run.Uid, index), out _);

    public void Put(RunIdentity run, Segment segment) => _segments[(run.Uid, segment.Index)] = segment;

    public void Delete(RunIdentity run)
    {
        foreach (var key in _segments.Keys.Where(key => key.Uid == run.Uid))
        {
            _segments.TryRemove(key, out _);
        }
    }

    /// <summary>Whether the watch has shown all segments; otherwise it has shown none.</summary>
    public bool IsWatched { get; set; }

    public int LastKnownIndex(RunIdentity run) => IsWatched ? Of(run).Count() : 1;

    public int KnownIndexOf(RunIdentity run, long sequence) =>
        IsWatched ? Of(run).TakeWhile(segment => segment.FirstSequence <= sequence).Count() is var index and > 0 ? index : 1 : 1;

    /// <summary>What the watch has shown: a test decides it.</summary>
    public JournalHead? Watched { get; set; }

    /// <summary>Reads so far.</summary>
    public int Reads { get; private set; }

    public JournalHead? LastKnownHead(RunIdentity run) => Watched;

    /// <summary>What the watch has shown to be touched: a test decides it.</summary>
    public SortedSet<int> TouchedIndexes { get; } = [];

    public bool HasOpenSegment(RunIdentity run) => IsWatched && Of(run).Any(segment => !segment.Sealed);

    public IReadOnlyList<int> Touched(RunIdentity run) => [.. TouchedIndexes];

    public void ForgetTouched(RunIdentity run, int index) => TouchedIndexes.Remove(index);

    public Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(_segments.GetValueOrDefault((run.Uid, index)));
    }

    public Task<Segment> CreateAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) =>
        WriteAsync(run, segment, had => had is null);

    public Task<Segment> ReplaceAsync(RunIdentity run, Segment segment, CancellationToken cancellationToken) =>
        WriteAsync(run, segment, had => had?.ResourceVersion == segment.ResourceVersion);

    private string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);

    private Task<Segment> WriteAsync(RunIdentity run, Segment segment, Func<Segment?, bool> allowed)
    {
        lock (_lock)
        {
            Faults.TryDequeue(out var fault);
            if (fault == WriteFault.Lost)
            {
                throw new SegmentUnavailableException("lost before the write");
            }

            if (fault == WriteFault.Refused)
            {
                throw new SegmentRefusedException("422 Invalid: spec.records[1] (FieldValueTooLong)");
            }

            if (fault == WriteFault.Bug)
            {
                throw new InvalidOperationException("a bug, with the user's secret");
            }

            if (!allowed(_segments.GetValueOrDefault((run.Uid, segment.Index))))
            {
                throw new SegmentConflictException("not the version that was read");
            }

            Writes++;
            var stored = segment with { ResourceVersion = NextVersion(), LacksMetadata = false };
            _segments[(run.Uid, segment.Index)] = stored;
            return fault == WriteFault.ReplyLost ? throw new SegmentUnavailableException("lost after the write") : Task.FromResult(stored);
        }
    }
}
