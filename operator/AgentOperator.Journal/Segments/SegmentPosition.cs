using System.Diagnostics.CodeAnalysis;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>A place between two records of a segment. The hash chain is verified up to it.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Next">The index of the next record within the segment.</param>
/// <param name="Hash">The hash of the record before the place.</param>
internal sealed record SegmentPosition(Segment Segment, int Next, string Hash)
{
    /// <summary>The sequence of the record before the place.</summary>
    public long Sequence => Segment.FirstSequence - 1 + Next;

    public static SegmentPosition StartOf(Segment segment) => new(segment, 0, segment.PrevHash);

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the segment's end, which is verified as well.</returns>
    /// <exception cref="JournalException">The hash chain is broken, or this build cannot read the record.</exception>
    public bool TryRead([NotNullWhen(true)] out StoredRecord? stored, out SegmentPosition after) =>
        TryRead(StoredRecord.Decode, out stored, out after);

    /// <summary>The same for a record that this build need not understand.</summary>
    /// <returns>False at the segment's end, which is verified as well.</returns>
    /// <exception cref="JournalException">The hash chain is broken.</exception>
    public bool TryCheck([NotNullWhen(true)] out StoredRecord? stored, out SegmentPosition after) =>
        TryRead(StoredRecord.Parse, out stored, out after);

    private bool TryRead(
        Func<ReadOnlyMemory<byte>, StoredRecord> decode, [NotNullWhen(true)] out StoredRecord? stored, out SegmentPosition after)
    {
        (stored, after) = (null, this);
        if (Next == Segment.Records.Count)
        {
            return Sequence == Segment.Head.Sequence && Hash == Segment.Head.Hash ? false : throw Broken(Segment.Head.Sequence);
        }

        stored = decode(RecordCompression.Decompress(Segment.Records[Next], Sequence + 1));
        if (stored.Record.Sequence != Sequence + 1 || stored.Record.PrevHash != Hash)
        {
            throw Broken(Sequence + 1);
        }

        after = new SegmentPosition(Segment, Next + 1, stored.Hash);
        return true;
    }

    private JournalException Broken(long sequence) =>
        new(ErrorCodes.JournalBroken, $"the hash chain is broken at record {sequence} in segment {Segment.Index}");
}
