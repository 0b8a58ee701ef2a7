using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentRunner.Tests.Fakes;

/// <summary>
/// A journal in memory with the rules of the real one: epochs fence, the sequence is swapped, the same append again is answered like the first.
/// </summary>
internal sealed class FakeJournal
{
    private readonly Lock _gate = new();
    private readonly List<JournalRecord> _records = [];

    public int Epoch { get; private set; }

    public long Head
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    public IReadOnlyList<JournalRecord> Records
    {
        get
        {
            lock (_gate)
            {
                return [.. _records];
            }
        }
    }

    public RunFinishedPayload? Finished => Records.LastOrDefault(record => record.Kind == RecordKinds.RunFinished) is { } end
        ? end.Payload.Deserialize(ProtocolJson.Default.RunFinishedPayload)
        : null;

    public IEnumerable<ModelAnswerPayload> Answers => Payloads(RecordKinds.ModelAnswer, ProtocolJson.Default.ModelAnswerPayload);

    public IEnumerable<ToolOutcomePayload> Outcomes(string kind) => Payloads(kind, ProtocolJson.Default.ToolOutcomePayload);

    public int Count(string kind) => Records.Count(record => record.Kind == kind);

    public void ClaimEpoch()
    {
        lock (_gate)
        {
            Epoch++;
            Add(new NewRecord(RecordKinds.EpochClaimed, JsonSerializer.SerializeToElement(
                new EpochClaimedPayload($"pod-{Epoch}", $"uid-{Epoch}"), ProtocolJson.Default.EpochClaimedPayload)));
        }
    }

    /// <summary>Writes a record as it is, whatever the rules.</summary>
    public void Force(NewRecord record, int schemaVersion = 1)
    {
        lock (_gate)
        {
            Add(record, schemaVersion);
        }
    }

    /// <summary>Forgets the records after a sequence, as a store does that is restored from an older copy.</summary>
    public void SetBackTo(long sequence)
    {
        lock (_gate)
        {
            _records.RemoveRange((int)sequence, _records.Count - (int)sequence);
        }
    }

    public long Append(int epoch, long expected, IReadOnlyList<NewRecord> added)
    {
        lock (_gate)
        {
            Fence(epoch);
            if (expected + added.Count <= _records.Count
                && added.Select((record, i) => IsSame(_records[(int)expected + i], record, epoch)).All(same => same))
            {
                return expected + added.Count;
            }

            if (Finished is not null)
            {
                throw new GatewayFault(410, ErrorCodes.RunFinished, "the run has ended");
            }

            if (expected != _records.Count)
            {
                throw new GatewayFault(409, ErrorCodes.SequenceConflict, $"the head is {_records.Count}");
            }

            foreach (var record in added)
            {
                Add(record);
            }

            return _records.Count;
        }
    }

    public JournalRecord? FindAnswer(string stepKey) =>
        Records.FirstOrDefault(record => record.Kind == RecordKinds.ModelAnswer && record.StepKey == stepKey);

    public void Fence(int epoch)
    {
        if (epoch < Epoch)
        {
            throw new GatewayFault(410, ErrorCodes.StaleEpoch, $"epoch {epoch} is over: epoch {Epoch} owns the run");
        }
    }

    private static bool IsSame(JournalRecord had, NewRecord wanted, int epoch) => had.Epoch == epoch && had.Kind == wanted.Kind
        && had.StepKey == wanted.StepKey && had.CallId == wanted.CallId && JsonElement.DeepEquals(had.Payload, wanted.Payload);

    private IEnumerable<T> Payloads<T>(string kind, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        Records.Where(record => record.Kind == kind).Select(record => record.Payload.Deserialize(type)!);

    private void Add(NewRecord record, int schemaVersion = 1) => _records.Add(new JournalRecord
    {
        SchemaVersion = schemaVersion,
        Sequence = _records.Count + 1,
        Epoch = Epoch,
        Kind = record.Kind,
        StepKey = record.StepKey,
        CallId = record.CallId,
        Time = DateTimeOffset.UnixEpoch,
        PrevHash = _records.Count == 0 ? JournalHash.Genesis : JournalHash.Of(_records[^1].Encode()),
        Payload = record.Payload,
    });
}
