using System.Buffers;
using System.Text.Json;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>
/// Writes a <see cref="JournalPage"/>. Each record is written as the bytes that are stored and hashed, so that a runner can check the hash chain.
/// </summary>
internal static class JournalPageBody
{
    /// <summary>The page alone.</summary>
    public static ReadOnlyMemory<byte> Of(JournalReading reading) => Write(json => WritePage(json, reading));

    /// <summary>The run with the page.</summary>
    public static ReadOnlyMemory<byte> Of(RunDescription run, JournalReading reading) => Write(json =>
    {
        json.WriteStartObject();
        foreach (var field in JsonSerializer.SerializeToElement(run, ProtocolJson.Default.RunDescription).EnumerateObject())
        {
            field.WriteTo(json);
        }

        json.WritePropertyName("journal");
        WritePage(json, reading);
        json.WriteEndObject();
    });

    private static void WritePage(Utf8JsonWriter json, JournalReading reading)
    {
        json.WriteStartObject();
        json.WriteStartArray("records");
        foreach (var stored in reading.Stored)
        {
            json.WriteRawValue(stored.Bytes.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteNumber("headSequence", reading.Head.Sequence);
        json.WriteEndObject();
    }

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        write(json);
        json.Flush();
        return buffer.WrittenMemory;
    }
}
