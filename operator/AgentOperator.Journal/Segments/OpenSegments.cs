using Microsoft.Extensions.Caching.Memory;

namespace AgentOperator.Journal;

/// <summary>
/// The last segment of each journal, as this process wrote it, or read and verified it. What is read again must still have the records that were
/// known before.
/// </summary>
internal sealed class OpenSegments(ISegmentClient segments) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(30);

    private readonly MemoryCache _known = new(new MemoryCacheOptions { SizeLimit = 64 * 1024 * 1024 });
    private readonly TouchedCheck _touched = new(segments);

    /// <summary>
    /// The cached segment; null if there is none, or it is in doubt. Another replica may have written since: then an append conflicts.
    /// </summary>
    public Segment? Find(RunIdentity run) => FindKnown(run) is { IsCurrent: true } known ? known.Segment : null;

    /// <summary>Reads the last segment from the store, searching forward from the highest known index.</summary>
    /// <returns>The segment; null if it does not exist.</returns>
    /// <exception cref="JournalException">The journal is broken, as far as it was read.</exception>
    public async Task<Segment?> LoadAsync(RunIdentity run, CancellationToken cancellationToken)
    {
        var last = await GetAsync(run, Math.Max(segments.LastKnownIndex(run), Find(run)?.Index ?? 1), cancellationToken);
        while (last is { Sealed: true, Head.Finished: null } && await GetAsync(run, last.Index + 1, cancellationToken) is { } next)
        {
            last = SegmentCheck.VerifyLink(last, next);
        }

        return last is null ? null : Remember(run, await _touched.CheckAsync(run, last, cancellationToken));
    }

    /// <summary>Caches a segment that was written, or read and verified.</summary>
    public Segment Remember(RunIdentity run, Segment segment)
    {
        Keep(run, new Known(segment, IsCurrent: true));
        return segment;
    }

    /// <summary>The cached segment may have changed, so nothing more is decided by it. Its records are still known to be committed.</summary>
    public void Doubt(RunIdentity run)
    {
        if (FindKnown(run) is { } known)
        {
            Keep(run, known with { IsCurrent = false });
        }
    }

    public void Dispose()
    {
        _known.Dispose();
        _touched.Dispose();
    }

    private async Task<Segment?> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken) =>
        await segments.GetAsync(run, index, cancellationToken) is { } read
            ? SegmentCheck.Verify(run, index, read, FindKnown(run)?.Segment)
            : null;

    private Known? FindKnown(RunIdentity run) => _known.TryGetValue(run.Uid, out Known? known) ? known : null;

    private void Keep(RunIdentity run, Known known) => _known.Set(
        run.Uid, known, new MemoryCacheEntryOptions { Size = known.Segment.Size, SlidingExpiration = Kept });

    private sealed record Known(Segment Segment, bool IsCurrent);
}
