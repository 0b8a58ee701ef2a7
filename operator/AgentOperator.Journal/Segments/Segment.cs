using AgentOperator.Api;

namespace AgentOperator.Journal;

/// <summary>
/// A slice of a journal, written as one object. Records are added to the open segment until it is full; that same write seals it,
/// and a sealed segment is never written again.
/// </summary>
internal sealed record Segment
{
    /// <summary>A segment is sealed when it holds this many records: with one more append it stays under the 64 that its kind allows.</summary>
    public const int MaxRecords = JournalSegment.MaxRecords - JournalRules.MaxBatch;

    /// <summary>A segment is sealed when its compressed records reach this size.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The most that one append may weigh, compressed: with the full segment it stays under what etcd takes for one object.</summary>
    public const int MaxAppendBytes = 700 * 1024;

    /// <summary>Position among the run's segments, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>The sequence of the segment's first record.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The hash of the record before the first.</summary>
    public required string PrevHash { get; init; }

    /// <summary>Whether the segment is full.</summary>
    public required bool Sealed { get; init; }

    /// <summary>The journal's summary after the segment's last record.</summary>
    public required JournalHead Head { get; init; }

    /// <summary>The records, compressed one by one.</summary>
    public required IReadOnlyList<byte[]> Records { get; init; }

    /// <summary>The store's version of the object: what a replace is compared with. Null before it is stored.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The segment that starts a journal.</summary>
    public static Segment First(StoredRecord started) =>
        Create(1, started.Record.Sequence, started.Record.PrevHash, JournalRules.First(started), [RecordCompression.Compress(started.Bytes.Span)]);

    /// <summary>This segment with more records, or the next one when this is sealed.</summary>
    public Segment With(IReadOnlyList<StoredRecord> added)
    {
        var head = added.Aggregate(Head, JournalRules.Next);
        var compressed = added.Select(record => RecordCompression.Compress(record.Bytes.Span)).ToList();
        var weight = compressed.Sum(record => record.Length);
        if (weight > MaxAppendBytes)
        {
            throw new JournalException(
                Protocol.ErrorCodes.RecordTooLarge, $"an append of {weight} compressed bytes is over the {MaxAppendBytes} that the journal takes at once");
        }

        return Sealed
            ? Create(Index + 1, Head.Sequence + 1, Head.Hash, head, compressed)
            : Create(Index, FirstSequence, PrevHash, head, [.. Records, .. compressed]) with { ResourceVersion = ResourceVersion };
    }

    /// <summary>The segment's records after a sequence, decoded, with the chain verified over the whole segment.</summary>
    /// <exception cref="JournalException">The chain is broken, or a record is of a kind that this build does not know.</exception>
    public IReadOnlyList<StoredRecord> Decode(long after)
    {
        var decoded = new List<StoredRecord>(Records.Count);
        var (sequence, hash) = (FirstSequence - 1, PrevHash);
        foreach (var compressed in Records)
        {
            var stored = StoredRecord.Decode(RecordCompression.Decompress(compressed));
            if (stored.Record.Sequence != sequence + 1 || stored.Record.PrevHash != hash)
            {
                throw Broken(sequence + 1);
            }

            (sequence, hash) = (stored.Record.Sequence, stored.Hash);
            if (sequence > after)
            {
                decoded.Add(stored);
            }
        }

        return sequence == Head.Sequence && hash == Head.Hash ? decoded : throw Broken(Head.Sequence);
    }

    private JournalException Broken(long sequence) =>
        new(Protocol.ErrorCodes.JournalBroken, $"the hash chain is broken at record {sequence} in segment {Index}");

    private static Segment Create(int index, long firstSequence, string prevHash, JournalHead head, IReadOnlyList<byte[]> records) => new()
    {
        Index = index,
        FirstSequence = firstSequence,
        PrevHash = prevHash,
        Head = head,
        Records = records,
        Sealed = head.Finished is not null || records.Count >= MaxRecords || records.Sum(record => record.Length) >= MaxBytes,
    };
}
