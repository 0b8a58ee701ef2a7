using Microsoft.Extensions.Caching.Memory;

namespace AgentOperator.Journal;

/// <summary>
/// Reads pages of a journal, one segment at a time. Where a page ends within a segment, the segment is kept for a while: whoever reads the next page
/// need not fetch it again.
/// </summary>
internal sealed class SegmentPages(ISegmentClient segments) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _ends = new(new MemoryCacheOptions { SizeLimit = 32 * 1024 * 1024 });

    /// <summary>Reads the records after a sequence, up to the end of the open segment or until the page is full.</summary>
    /// <param name="run">The run.</param>
    /// <param name="open">The journal's last segment, as the caller knows it.</param>
    /// <param name="after">The sequence to start after.</param>
    /// <param name="maxBytes">Size limit of the page. A page always has at least one record.</param>
    /// <param name="maxRecords">The maximum number of records.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="JournalException">A segment is missing or broken, or this build cannot read a record.</exception>
    public async Task<JournalReading> ReadAsync(
        RunIdentity run, Segment open, long after, int maxBytes, int maxRecords, CancellationToken cancellationToken)
    {
        var records = new List<StoredRecord>();
        if (after >= open.Head.Sequence)
        {
            return new JournalReading(open.Head, records);
        }

        var bytes = 0L;
        var at = await FindAsync(run, open, after, cancellationToken);
        while (true)
        {
            while (at.TryRead(out var stored, out var next))
            {
                bytes += stored.Record.Sequence > after ? stored.Bytes.Length : 0;
                if (records.Count > 0 && bytes > maxBytes)
                {
                    return End(run, open, at, records);
                }

                at = next;
                if (stored.Record.Sequence > after)
                {
                    records.Add(stored);
                }

                if (bytes >= maxBytes || records.Count == maxRecords)
                {
                    return End(run, open, at, records);
                }
            }

            if (at.Segment.Index == open.Index)
            {
                return new JournalReading(open.Head, records);
            }

            at = SegmentPosition.StartOf(await GetNextAsync(run, open, at.Segment, cancellationToken));
        }
    }

    public void Dispose() => _ends.Dispose();

    /// <summary>
    /// The place to start at: where the page before ended, else the start of the segment that holds the record before the page. Its link to the next
    /// segment is so verified as well.
    /// </summary>
    private async Task<SegmentPosition> FindAsync(RunIdentity run, Segment open, long after, CancellationToken cancellationToken)
    {
        if (_ends.TryGetValue(run.Uid, out SegmentPosition? end) && end!.Sequence == after && end.Segment.Index < open.Index)
        {
            return end;
        }

        if (open.Index == 1 || after >= open.FirstSequence)
        {
            return SegmentPosition.StartOf(open);
        }

        var segment = await GetAsync(run, segments.KnownIndexOf(run, after), cancellationToken);
        while (segment.Head.Sequence < after)
        {
            segment = await GetNextAsync(run, open, segment, cancellationToken);
        }

        return SegmentPosition.StartOf(segment);
    }

    private async Task<Segment> GetNextAsync(RunIdentity run, Segment open, Segment segment, CancellationToken cancellationToken)
    {
        var next = segment.Index + 1 == open.Index ? open : await GetAsync(run, segment.Index + 1, cancellationToken);
        return SegmentCheck.VerifyLink(segment, next);
    }

    private async Task<Segment> GetAsync(RunIdentity run, int index, CancellationToken cancellationToken) =>
        await segments.GetAsync(run, index, cancellationToken)
            ?? throw SegmentCheck.Missing(index);

    private JournalReading End(RunIdentity run, Segment open, SegmentPosition at, IReadOnlyList<StoredRecord> records)
    {
        // The open segment is kept elsewhere, and changes.
        if (at.Segment.Index < open.Index)
        {
            _ends.Set(run.Uid, at, new MemoryCacheEntryOptions { Size = at.Segment.Size, AbsoluteExpirationRelativeToNow = Kept });
        }

        return new JournalReading(open.Head, records);
    }
}
