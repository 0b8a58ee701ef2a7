using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentOperator.Protocol;

/// <summary>
/// One committed fact of a run. Records form one ordered log per run; each carries the hash of its predecessor.
/// Hashes cover the stored bytes, so a record is never re-encoded between commit and verification.
/// </summary>
public sealed record JournalRecord
{
    /// <summary>Leaves text as UTF-8: escapes would make Chinese twice and emoji three times as large.</summary>
    private static readonly ProtocolJson Json = new(
        new JsonSerializerOptions(ProtocolJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The schema version that introduced the record's kind. A reader must stop at a version later than its own.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Position in the run's journal, from 1, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>The attempt that committed the record; 0 for records written before the first attempt.</summary>
    public required int Epoch { get; init; }

    /// <summary>What happened: one of <see cref="RecordKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The action's identity, see <see cref="StepKeys"/>. Absent on the operator's own records.</summary>
    public string? StepKey { get; init; }

    /// <summary>The id of the tool call that this record belongs to.</summary>
    public string? CallId { get; init; }

    /// <summary>When the gateway committed it (UTC). Informational; no decision depends on it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Lower-case hex SHA-256 of the previous record's stored bytes; <see cref="JournalHash.Genesis"/> for the first.</summary>
    public required string PrevHash { get; init; }

    /// <summary>The kind's payload, a JSON object.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>The newest schema version that this build knows. It rises with each new kind; every earlier version is read.</summary>
    [JsonIgnore]
    public static int CurrentSchemaVersion => 2;

    /// <summary>Whether a later version wrote the record. An upgrade reads it, so this ends no run.</summary>
    [JsonIgnore]
    public bool IsNewer => SchemaVersion > CurrentSchemaVersion;

    /// <summary>Whether this build can read the record: it knows the schema version and the kind.</summary>
    [JsonIgnore]
    public bool IsUnderstood => SchemaVersion >= 1 && SchemaVersion <= CurrentSchemaVersion && RecordKinds.IsKnown(Kind);

    /// <summary>The record as a store keeps it. Do not hash this for a record that was stored before: hash the bytes that were stored.</summary>
    public byte[] Encode() => JsonSerializer.SerializeToUtf8Bytes(this, Json.JournalRecord);
}
