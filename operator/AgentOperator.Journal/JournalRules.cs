using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>What may follow what in a journal, free of any store: fencing, the swap on the sequence, idempotent repetition, the next head.</summary>
public static class JournalRules
{
    /// <summary>The largest single record before compression. What is larger is shortened by the runner.</summary>
    public const int MaxRecordBytes = 512 * 1024;

    /// <summary>The most records of one append.</summary>
    public const int MaxBatch = 16;

    /// <summary>Refuses a writer that does not hold the newest epoch, and any writer once the run has ended.</summary>
    public static void CheckWriter(JournalHead head, Writer writer)
    {
        if (writer.Epoch < head.Epoch || (writer.Epoch == head.Epoch && writer.PodUid != head.PodUid))
        {
            throw new JournalException(ErrorCodes.StaleEpoch, $"epoch {writer.Epoch} is over: epoch {head.Epoch} owns the run");
        }

        if (writer.Epoch > head.Epoch)
        {
            throw new JournalException(ErrorCodes.EpochNotClaimed, $"epoch {writer.Epoch} is not claimed yet");
        }
    }

    /// <summary>Refuses anything after the run's end.</summary>
    public static void CheckOpen(JournalHead head)
    {
        if (head.Finished is not null)
        {
            throw new JournalException(ErrorCodes.RunFinished, $"the run has ended: {head.Finished.Reason}", head.Sequence);
        }
    }

    /// <summary>Whether <paramref name="committed"/> (what follows the expected sequence) already holds exactly these records of this epoch.</summary>
    public static bool IsRepetition(int epoch, IReadOnlyList<JournalRecord> committed, IReadOnlyList<NewRecord> records)
    {
        if (committed.Count < records.Count)
        {
            return false;
        }

        for (var i = 0; i < records.Count; i++)
        {
            var (had, wanted) = (committed[i], records[i]);
            if (had.Epoch != epoch || had.Kind != wanted.Kind || had.StepKey != wanted.StepKey || had.CallId != wanted.CallId
                || !JsonElement.DeepEquals(had.Payload, wanted.Payload))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives the records their places behind a head.</summary>
    public static IReadOnlyList<StoredRecord> Place(long sequence, string hash, int epoch, IReadOnlyList<NewRecord> records, DateTimeOffset now)
    {
        var placed = new StoredRecord[records.Count];
        for (var i = 0; i < records.Count; i++)
        {
            var stored = StoredRecord.Encode(new JournalRecord
            {
                SchemaVersion = JournalRecord.CurrentSchemaVersion,
                Sequence = ++sequence,
                Epoch = epoch,
                Kind = records[i].Kind,
                StepKey = records[i].StepKey,
                CallId = records[i].CallId,
                Time = now,
                PrevHash = hash,
                Payload = records[i].Payload,
            });
            if (stored.Bytes.Length > MaxRecordBytes)
            {
                throw new JournalException(
                    ErrorCodes.RecordTooLarge, $"a {records[i].Kind} record of {stored.Bytes.Length} bytes is over the {MaxRecordBytes} bytes that a record may have");
            }

            placed[i] = stored;
            hash = stored.Hash;
        }

        return placed;
    }

    /// <summary>The head of a journal that starts with this record.</summary>
    public static JournalHead First(StoredRecord started)
    {
        var payload = Read(started.Record, ProtocolJson.Default.RunStartedPayload);
        return new JournalHead
        {
            Sequence = started.Record.Sequence,
            Hash = started.Hash,
            Time = started.Record.Time,
            Lineage = payload.Lineage,
            SpecHash = payload.SpecHash,
            Bytes = started.Bytes.Length,
            ProgressSequence = started.Record.Sequence,
        };
    }

    /// <summary>The head after one more record; refuses one that does not follow.</summary>
    public static JournalHead Next(JournalHead head, StoredRecord stored)
    {
        var record = stored.Record;
        if (record.Sequence != head.Sequence + 1 || record.PrevHash != head.Hash)
        {
            throw new JournalException(
                ErrorCodes.JournalBroken, $"the hash chain is broken at record {record.Sequence}: it does not follow record {head.Sequence}");
        }

        var next = head with
        {
            Sequence = record.Sequence,
            Hash = stored.Hash,
            Time = record.Time,
            Bytes = head.Bytes + stored.Bytes.Length,
        };
        switch (record.Kind)
        {
            case RecordKinds.EpochClaimed:
                var claim = Read(record, ProtocolJson.Default.EpochClaimedPayload);
                return next with { Epoch = record.Epoch, Pod = claim.Pod, PodUid = claim.PodUid };
            case RecordKinds.ModelAnswer:
                var answer = Read(record, ProtocolJson.Default.ModelAnswerPayload);
                return next with { Steps = head.Steps + 1, Usage = head.Usage.Plus(answer.Usage), ProgressSequence = record.Sequence };
            case var kind when RecordKinds.IsToolOutcome(kind):
                return next with { ToolCalls = head.ToolCalls + 1, ProgressSequence = record.Sequence };
            case RecordKinds.ToolsLeftOut:
                return next with { LeftOutTools = LeftOutTools.Add(head.LeftOutTools, Read(record, ProtocolJson.Default.ToolsLeftOutPayload)) };
            case RecordKinds.RunFinished:
                return next with { Finished = Read(record, ProtocolJson.Default.RunFinishedPayload) };
            default:
                return next;
        }
    }

    /// <summary>Decodes a payload; what does not fit its kind is a broken journal.</summary>
    public static T Read<T>(JournalRecord record, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return record.Payload.Deserialize(type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new JournalException(
                ErrorCodes.JournalBroken, $"record {record.Sequence} holds no payload of kind {record.Kind}", inner: exception);
        }
    }
}
