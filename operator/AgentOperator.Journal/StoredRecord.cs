using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>A record with the exact bytes that are stored and hashed.</summary>
public sealed record StoredRecord(JournalRecord Record, ReadOnlyMemory<byte> Bytes, string Hash)
{
    /// <summary>Encodes a record.</summary>
    public static StoredRecord Encode(JournalRecord record)
    {
        var bytes = record.Encode();
        return new StoredRecord(record, bytes, JournalHash.Of(bytes));
    }

    /// <summary>Reads stored bytes as a record that this build need not understand.</summary>
    /// <exception cref="JournalException">The bytes are not a record.</exception>
    public static StoredRecord Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var record = JsonSerializer.Deserialize(bytes.Span, ProtocolJson.Default.JournalRecord) ?? throw new JsonException();
            return new StoredRecord(record, bytes, JournalHash.Of(bytes.Span));
        }
        catch (JsonException exception)
        {
            throw new JournalException(ErrorCodes.JournalBroken, "a stored record is not valid JSON", inner: exception);
        }
    }

    /// <summary>Decodes stored bytes.</summary>
    /// <exception cref="JournalException">
    /// The bytes are not a record, this build does not know its schema or kind, or its payload is malformed.
    /// </exception>
    public static StoredRecord Decode(ReadOnlyMemory<byte> bytes)
    {
        var stored = Parse(bytes);
        var record = stored.Record;
        if (!record.IsUnderstood)
        {
            // During an upgrade, another replica can read what a newer one wrote. After a downgrade, the run waits for the next upgrade.
            throw new JournalException(
                record.IsNewer ? ErrorCodes.JournalUnavailable : ErrorCodes.JournalBroken,
                $"record {record.Sequence} has schema {record.SchemaVersion} and kind '{record.Kind}', which this version does not know; upgrade "
                    + "the operator");
        }

        return RecordChecks.FindProblem(record.Kind, record.Payload) is { } problem
            ? throw new JournalException(ErrorCodes.JournalBroken, $"record {record.Sequence} is not a valid {record.Kind}: {problem}")
            : stored;
    }
}
