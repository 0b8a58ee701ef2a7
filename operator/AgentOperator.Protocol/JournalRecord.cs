using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentOperator.Protocol;

/// <summary>
/// One committed fact of a run. Records form one ordered log per run; each carries the hash of the one before it.
/// The bytes that were stored are what is hashed, so a record is never re-encoded between commit and verification.
/// </summary>
public sealed record JournalRecord
{
    /// <summary>The version of the record's shape. A reader that does not know it stops with a clear error.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Position in the run's journal, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The attempt that committed the record; 0 for records written before the first attempt.</summary>
    public required int Epoch { get; init; }

    /// <summary>What happened: one of <see cref="RecordKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Identity of the action: see <see cref="StepKeys"/>. Absent for records of the operator itself.</summary>
    public string? StepKey { get; init; }

    /// <summary>The model's tool-call id that a tool record answers.</summary>
    public string? CallId { get; init; }

    /// <summary>When the gateway committed it (UTC). For people: nothing is decided by it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Lower-case hex SHA-256 of the previous record's stored bytes; <see cref="JournalHash.Genesis"/> for the first.</summary>
    public required string PrevHash { get; init; }

    /// <summary>The kind's payload, a JSON object.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>The schema version that this build writes.</summary>
    [JsonIgnore]
    public static int CurrentSchemaVersion => 1;
}
