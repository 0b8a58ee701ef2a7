using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Gateway.Models;

/// <summary>Sets fields that the gateway owns in a request's body. Only the top level is read: the conversation may be megabytes.</summary>
internal static class BodyFields
{
    /// <summary>The body for a provider that is to stream its answer.</summary>
    /// <param name="body">A JSON object.</param>
    public static ReadOnlyMemory<byte> WithStream(ReadOnlyMemory<byte> body) =>
        Set(body, """{"stream":true,"stream_options":{"include_usage":true}""", "stream", "stream_options");

    /// <summary>The body for another model.</summary>
    /// <param name="body">A JSON object.</param>
    /// <param name="model">The model's name.</param>
    public static ReadOnlyMemory<byte> WithModel(ReadOnlyMemory<byte> body, string model) =>
        Set(body, $$"""{"model":"{{JsonEncodedText.Encode(model)}}" """, "model");

    private static ReadOnlyMemory<byte> Set(ReadOnlyMemory<byte> body, string begin, params string[] names)
    {
        var result = new ArrayBufferWriter<byte>(body.Length + (2 * begin.Length));
        result.Write(Encoding.UTF8.GetBytes(begin));
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (start, name) = ((int)reader.TokenStartIndex, reader.GetString());
            reader.Skip();
            if (!names.Contains(name))
            {
                result.Write(","u8);
                result.Write(body.Span[start..(int)reader.BytesConsumed]);
            }
        }

        result.Write("}"u8);
        return result.WrittenMemory;
    }
}
