using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentOperator.ModelServer.Chat;

/// <summary>Writes a JSON object without escaping what JSON itself allows: a provider's bodies read like that.</summary>
internal static class JsonBody
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object whose properties <paramref name="writeProperties"/> writes.</summary>
    public static byte[] WriteObject(Action<Utf8JsonWriter> writeProperties)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
