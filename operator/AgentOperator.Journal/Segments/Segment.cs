using AgentOperator.Api;

namespace AgentOperator.Journal;

/// <summary>
/// A slice of a journal, stored as one object. Appends rewrite the open segment. The append that fills it also seals it, and a sealed
/// segment is never written again.
/// </summary>
internal sealed record Segment
{
    /// <summary>A segment with this many records is sealed. One more append still fits into the schema's limit of 64.</summary>
    public const int MaxRecords = JournalSegment.MaxRecords - JournalRules.MaxBatch;

    /// <summary>A segment whose compressed records reach this size is sealed.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>The maximum compressed size of one record: its base64 is within the schema's limit.</summary>
    public const int MaxCompressedRecordBytes = JournalSegment.MaxRecordLength / 4 * 3;

    /// <summary>The maximum compressed size of one append. Together with a full segment it stays below etcd's object size limit.</summary>
    public const int MaxAppendBytes = 700 * 1024;

    /// <summary>The segment's index within the journal, from 1.</summary>
    public required int Index { get; init; }

    /// <summary>The sequence of the segment's first record.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The hash of the last record before this segment.</summary>
    public required string PrevHash { get; init; }

    /// <summary>Whether the segment is full.</summary>
    public required bool Sealed { get; init; }

    /// <summary>The journal's state after the segment's last record.</summary>
    public required JournalHead Head { get; init; }

    /// <summary>The records, compressed one by one.</summary>
    public required IReadOnlyList<byte[]> Records { get; init; }

    /// <summary>The stored object's resource version, used for compare-and-swap. Null before it is stored.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>The UID of the run that the stored object names; null before it is stored.</summary>
    public string? RunUid { get; init; }

    /// <summary>Whether the stored object lacks the labels or the owner that the operator gives it. The next write restores them.</summary>
    public bool LacksMetadata { get; init; }

    /// <summary>Roughly the bytes that the segment takes in memory.</summary>
    public long Size => 1024 + Records.Sum(record => (long)record.Length);

    /// <summary>The segment that starts a journal.</summary>
    public static Segment First(StoredRecord started) =>
        Create(1, started.Record.Sequence, started.Record.PrevHash, JournalRules.First(started), [Compress(started)]);

    /// <summary>This segment with more records, or a new segment if this one is sealed.</summary>
    public Segment With(IReadOnlyList<StoredRecord> added)
    {
        var head = added.Aggregate(Head, JournalRules.Next);
        var compressed = added.Select(Compress).ToList();
        var weight = compressed.Sum(record => record.Length);
        if (weight > MaxAppendBytes)
        {
            throw new JournalException(
                Protocol.ErrorCodes.RecordTooLarge, $"an append of {weight} compressed bytes exceeds the limit of {MaxAppendBytes} bytes");
        }

        return Sealed
            ? Create(Index + 1, Head.Sequence + 1, Head.Hash, head, compressed)
            : Create(Index, FirstSequence, PrevHash, head, [.. Records, .. compressed]) with { ResourceVersion = ResourceVersion };
    }

    /// <summary>Decodes the records after a sequence. Verifies the hash chain of the whole segment.</summary>
    /// <exception cref="JournalException">The hash chain is broken, or this build cannot read a record.</exception>
    public IReadOnlyList<StoredRecord> Decode(long after)
    {
        var decoded = new List<StoredRecord>(Records.Count);
        for (var at = SegmentPosition.StartOf(this); at.TryRead(out var stored, out at);)
        {
            if (stored.Record.Sequence > after)
            {
                decoded.Add(stored);
            }
        }

        return decoded;
    }

    private static byte[] Compress(StoredRecord record)
    {
        var compressed = RecordCompression.Compress(record.Bytes.Span);
        return compressed.Length <= MaxCompressedRecordBytes
            ? compressed
            : throw new JournalException(
                Protocol.ErrorCodes.RecordTooLarge,
                $"a {record.Record.Kind} record of {compressed.Length} compressed bytes exceeds the limit of {MaxCompressedRecordBytes} bytes");
    }

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
