using System.Globalization;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>Checks a segment that was read from the store, before anything is decided by it: somebody else may have written it. ADR 32.</summary>
internal static class SegmentCheck
{
    /// <summary>Verifies that a segment belongs to its run and its place, that its records are whole, and that its head sums them up.</summary>
    /// <param name="run">The run.</param>
    /// <param name="index">The index that was asked for.</param>
    /// <param name="read">What the store has there.</param>
    /// <param name="known">The last segment that this process wrote, or read and verified; null if there is none.</param>
    /// <returns>The segment.</returns>
    /// <exception cref="JournalException">The journal is broken. The message names the segment and says what is wrong.</exception>
    public static Segment Verify(RunIdentity run, int index, Segment read, Segment? known = null)
    {
        CheckPlace(run, index, read);

        // What is the same as before was verified before.
        var isContinued = known is not null && Continues(read, known);
        var at = isContinued ? new SegmentPosition(read, known!.Records.Count, known.Head.Hash) : SegmentPosition.StartOf(read);
        var before = isContinued ? known!.Head : index == 1 ? null : read.Head;
        var (epoch, podUid, hasEnded) = (before?.Epoch ?? 0, before?.PodUid, isContinued && known!.Head.Finished is not null);
        CheckKept(at, known);
        while (at.TryCheck(out var stored, out at))
        {
            CheckKept(at, known);
            CheckStart(run, stored.Record);
            hasEnded = stored.Record.Kind == RecordKinds.RunFinished;
            if (stored.Record.Kind == RecordKinds.EpochClaimed)
            {
                (epoch, podUid) = (stored.Record.Epoch, JournalRules.Read(stored.Record, ProtocolJson.Default.EpochClaimedPayload).PodUid);
            }
        }

        if (read.Head.Epoch != epoch || read.Head.PodUid != podUid || (read.Head.Finished is not null) != hasEnded)
        {
            throw Broken($"the head of segment {index} does not match its records");
        }

        CheckNothingIsMissing(read, known);
        return read;
    }

    /// <summary>Verifies that one segment follows another.</summary>
    /// <returns>The later segment.</returns>
    /// <exception cref="JournalException">It does not.</exception>
    public static Segment VerifyLink(Segment segment, Segment next) =>
        next.FirstSequence == segment.Head.Sequence + 1 && next.PrevHash == segment.Head.Hash
            ? next
            : throw Broken($"the hash chain is broken between segments {segment.Index} and {next.Index}");

    /// <summary>The fault of a journal without one of its segments.</summary>
    public static JournalException Missing(int index) =>
        new(ErrorCodes.JournalBroken, $"segment {index} of the journal is missing") { IsIncomplete = true };

    private static void CheckPlace(RunIdentity run, int index, Segment read)
    {
        if (read.RunUid is { } uid && uid != run.Uid)
        {
            throw Broken($"segment {index} belongs to another run");
        }

        if (read.Index != index || (index == 1 && (read.FirstSequence != 1 || read.PrevHash != JournalHash.Genesis)))
        {
            throw Broken($"segment {index} has the content of another one");
        }

        if (read.Records.Count == 0)
        {
            throw Broken($"segment {index} has no records");
        }
    }

    private static bool Continues(Segment read, Segment known) =>
        (read.Index, read.FirstSequence, read.PrevHash) == (known.Index, known.FirstSequence, known.PrevHash)
        && read.Records.Count >= known.Records.Count
        && known.Records.Zip(read.Records).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));

    /// <summary>What this process knows to be committed must still be there.</summary>
    private static void CheckKept(SegmentPosition at, Segment? known)
    {
        if (at.Sequence == known?.Head.Sequence && at.Hash != known.Head.Hash)
        {
            throw Broken($"record {at.Sequence} in segment {known.Index} was changed after it was committed");
        }
    }

    private static void CheckStart(RunIdentity run, JournalRecord record)
    {
        if (record.Sequence == 1
            && (record.Kind != RecordKinds.RunStarted || JournalRules.Read(record, ProtocolJson.Default.RunStartedPayload).Lineage != run.Uid))
        {
            throw Broken("segment 1 is the start of another run's journal");
        }
    }

    /// <summary>An older version with fewer records is the store's own, restored from a backup: the run goes on from there.</summary>
    private static void CheckNothingIsMissing(Segment read, Segment? known)
    {
        if (known is not null && read.Head.Sequence < known.Head.Sequence && IsNewer(read, known))
        {
            throw Broken(
                $"records {read.Head.Sequence + 1} to {known.Head.Sequence} were removed from segment {read.Index} after they were committed");
        }
    }

    private static bool IsNewer(Segment read, Segment known) =>
        ulong.TryParse(read.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var now)
        && ulong.TryParse(known.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var before)
        && now > before;

    private static JournalException Broken(string what) => new(ErrorCodes.JournalBroken, what);
}
