using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>The chunks of a streamed answer, put together to the answer that the provider would have given without streaming.</summary>
/// <param name="maxBytes">The largest answer that is taken.</param>
internal sealed class StreamedAnswer(int maxBytes)
{
    /// <summary>What surrounds a few characters of text in a chunk.</summary>
    private const int BytesPerByte = 8;

    private readonly SortedDictionary<int, StreamedChoice> _choices = [];
    private JsonElement? _model;
    private JsonElement? _usage;
    private long _size;

    /// <summary>Whether the provider has begun to answer.</summary>
    public bool HasBegun => _choices.Count > 0;

    /// <summary>Whether the provider has said why each of its answers ended. Only the usage may still come.</summary>
    public bool IsComplete => HasBegun && _choices.Values.All(choice => choice.IsFinished);

    /// <summary>What a body comes to that is larger than what is taken.</summary>
    public static HttpRequestException TooLarge() => new(HttpRequestError.ConfigurationLimitExceeded, "the answer is too large");

    /// <summary>Adds a chunk.</summary>
    /// <exception cref="HttpRequestException">The answer is too large.</exception>
    public void Add(JsonElement chunk)
    {
        if (chunk.TryGet("choices", JsonValueKind.Array, out var choices))
        {
            foreach (var choice in choices.EnumerateArray().Where(choice => choice.ValueKind == JsonValueKind.Object))
            {
                var isNumbered = choice.TryGet("index", JsonValueKind.Number, out var number);
                Add(chunk: choice, index: isNumbered && number.TryGetInt32(out var given) ? given : 0);
            }
        }

        if (chunk.Text("model") is { Length: > 0 })
        {
            _model = chunk.GetProperty("model").Clone();
        }

        // Some send it in every chunk, as it grows, and nothing or zeros in others.
        if (chunk.TryGet("usage", JsonValueKind.Object, out var usage) && (_usage is null || ReportedUsage.Of(chunk).Total > 0))
        {
            _usage = usage.Clone();
        }
    }

    /// <summary>Writes the whole answer.</summary>
    /// <exception cref="HttpRequestException">The answer is too large.</exception>
    public ReadOnlyMemory<byte> Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        Write(json, "model", _model);
        json.WriteStartArray("choices");
        foreach (var choice in _choices.Values)
        {
            choice.WriteTo(json);
        }

        json.WriteEndArray();
        Write(json, "usage", _usage);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenCount <= maxBytes ? buffer.WrittenMemory : throw TooLarge();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } given)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(given), skipInputValidation: true);
        }
    }

    private void Add(JsonElement chunk, int index)
    {
        _size += JsonMarshal.GetRawUtf8Value(chunk).Length;
        if (_size > (long)BytesPerByte * maxBytes)
        {
            throw TooLarge();
        }

        if (!_choices.TryGetValue(index, out var choice))
        {
            _choices.Add(index, choice = new StreamedChoice());
        }

        choice.Add(chunk);
    }
}
