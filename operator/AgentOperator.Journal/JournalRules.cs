using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>
/// The journal's rules, independent of any store: fencing, compare-and-swap, idempotent appends, and how a record advances the head.
/// </summary>
public static class JournalRules
{
    /// <summary>A record of this size is always taken. A larger one must compress to about as much.</summary>
    public const int AlwaysTakenBytes = 512 * 1024;

    /// <summary>The maximum size of a record before compression. Runners must shorten larger ones.</summary>
    public const int MaxRecordBytes = 4 * 1024 * 1024;

    /// <summary>The maximum number of records per append.</summary>
    public const int MaxBatch = 16;

    /// <summary>Rejects a writer that does not hold the newest epoch.</summary>
    public static void CheckWriter(JournalHead head, Writer writer)
    {
        if (writer.Epoch < head.Epoch || (writer.Epoch == head.Epoch && writer.PodUid != head.PodUid))
        {
            throw new JournalException(ErrorCodes.StaleEpoch, $"epoch {writer.Epoch} is stale: epoch {head.Epoch} owns the run");
        }

        if (writer.Epoch > head.Epoch)
        {
            throw new JournalException(ErrorCodes.EpochNotClaimed, $"epoch {writer.Epoch} is not claimed yet");
        }
    }

    /// <summary>Rejects any append after the run's end.</summary>
    public static void CheckOpen(JournalHead head)
    {
        if (head.Finished is not null)
        {
            throw new JournalException(ErrorCodes.RunFinished, $"the run has ended: {head.Finished.Reason}", head.Sequence);
        }
    }

    /// <summary>Whether this append was already committed: <paramref name="committed"/>, the records after the expected sequence, match it.</summary>
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

    /// <summary>Assigns sequences and hashes to new records.</summary>
    public static IReadOnlyList<StoredRecord> Place(long sequence, string hash, int epoch, IReadOnlyList<NewRecord> records, DateTimeOffset now)
    {
        // Whole microseconds: what every store keeps of a time, so that each replica has the same head.
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        var placed = new StoredRecord[records.Count];
        for (var i = 0; i < records.Count; i++)
        {
            if (RecordChecks.FindProblem(records[i].Kind, records[i].Payload) is { } problem)
            {
                throw new JournalException(ErrorCodes.InvalidRequest, $"records[{i}].{problem}");
            }

            var stored = StoredRecord.Encode(new JournalRecord
            {
                SchemaVersion = RecordKinds.SchemaVersionOf(records[i].Kind),
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
                    ErrorCodes.RecordTooLarge,
                    $"a {records[i].Kind} record of {stored.Bytes.Length} bytes exceeds the limit of {MaxRecordBytes} bytes");
            }

            placed[i] = stored;
            hash = stored.Hash;
        }

        return placed;
    }

    /// <summary>The head of a journal whose first record this is.</summary>
    public static JournalHead First(StoredRecord started)
    {
        var payload = Read(started.Record, ProtocolJson.Default.RunStartedPayload);
        return new JournalHead
        {
            Sequence = started.Record.Sequence,
            Hash = started.Hash,
            Epoch = 0,
            Time = started.Record.Time,
            Lineage = payload.Lineage,
            SpecHash = payload.SpecHash,
            Bytes = started.Bytes.Length,
            ProgressSequence = started.Record.Sequence,
        };
    }

    /// <summary>The head after one more record. Throws if the record does not extend the chain.</summary>
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
                return next with { Finished = Summarize(Read(record, ProtocolJson.Default.RunFinishedPayload)) };
            default:
                return next;
        }
    }

    /// <summary>The end of a run as a head has it, with its texts cut.</summary>
    internal static FinishSummary Summarize(RunFinishedPayload end) => new()
    {
        Outcome = end.Outcome,
        Reason = TextLimit.Cut(end.Reason, FinishSummary.MaxReasonBytes),
        Message = NullIfEmpty(TextLimit.Cut(end.Message, ResultStatus.MaxTextBytes)),
        Result = NullIfEmpty(TextLimit.Cut(end.Result, ResultStatus.MaxTextBytes)),
    };

    /// <summary>An optional text that is empty is left out: the API server need not take it.</summary>
    internal static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>Decodes a payload. A payload that does not match its kind means a broken journal.</summary>
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
                ErrorCodes.JournalBroken, $"the payload of record {record.Sequence} is not a valid {record.Kind}", inner: exception);
        }
    }
}
