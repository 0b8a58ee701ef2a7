using System.Runtime.InteropServices;
using System.Text.Json;
using AgentOperator.Gateway.Models.Answers;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>One choice of a streamed answer.</summary>
internal sealed class StreamedChoice
{
    private MergedValue _message = new();
    private StreamedCalls _calls = new();
    private JsonElement? _finishReason;
    private JsonElement? _error;

    /// <summary>Whether the provider has said why it ended.</summary>
    public bool IsFinished => _finishReason is not null;

    /// <summary>Adds a chunk's choice.</summary>
    public void Add(JsonElement choice)
    {
        if (choice.TryGet("delta", JsonValueKind.Object, out var delta))
        {
            AddMessage(delta);
        }
        else if (choice.TryGet("message", JsonValueKind.Object, out var whole))
        {
            (_message, _calls) = (new MergedValue(), new StreamedCalls());
            AddMessage(whole);
        }

        if (choice.Text("finish_reason") is { Length: > 0 })
        {
            _finishReason = choice.GetProperty("finish_reason").Clone();
        }

        if (choice.TryGet("error", JsonValueKind.Object, out var error))
        {
            _error = error.Clone();
        }
    }

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("message");
        _message.WriteFields(json);
        _calls.WriteTo(json);
        json.WriteEndObject();
        Write(json, "finish_reason", _finishReason);
        Write(json, "error", _error);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, JsonElement? value)
    {
        if (value is { } given)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(given), skipInputValidation: true);
        }
    }

    private void AddMessage(JsonElement part)
    {
        foreach (var field in part.EnumerateObject())
        {
            if (field.Name == "tool_calls")
            {
                _calls.Add(field.Value);
            }
            else
            {
                _message.Add(field.Name, field.Value);
            }
        }
    }
}
