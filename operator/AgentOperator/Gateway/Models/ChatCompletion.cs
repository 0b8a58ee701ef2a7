using System.Buffers;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The OpenAI chat completion as this gateway reads providers' answers and writes its own.</summary>
internal static class ChatCompletion
{
    /// <summary>
    /// Reads a provider's answer and makes it regular: providers give finish reasons that are empty or their own, arguments as objects, calls
    /// without ids, no usage. What cannot be an answer (no choice, a body cut short) is refused, so that the call is made again.
    /// </summary>
    /// <exception cref="MalformedAnswerException">The body is no chat completion.</exception>
    public static ModelAnswerPayload Parse(ReadOnlyMemory<byte> body, string askedModel)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException exception)
        {
            throw new MalformedAnswerException("The model's answer is not JSON.", exception);
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object
                || !TryGet(root, "choices", JsonValueKind.Array, out var choices) || choices.GetArrayLength() == 0
                || !TryGet(choices[0], "message", JsonValueKind.Object, out var message))
            {
                throw new MalformedAnswerException("The model's answer has no choice with a message.");
            }

            var calls = ReadCalls(message);
            var text = Text(message, "content");
            if (text is null && calls.Count == 0 && Text(message, "refusal") is { } refusal)
            {
                text = refusal;
            }

            return new ModelAnswerPayload
            {
                Model = Text(root, "model") is { Length: > 0 } model ? model : askedModel,
                Text = text,
                Reasoning = Text(message, "reasoning_content"),
                ToolCalls = calls,
                FinishReason = FinishReason(Text(choices[0], "finish_reason"), calls.Count),
                Usage = ReadUsage(root),
            };
        }
    }

    /// <summary>Writes the answer that the runner gets: the same bytes for the same committed answer, now and on every replay.</summary>
    public static ReadOnlyMemory<byte> Write(string stepKey, ModelAnswerPayload answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("id", "chatcmpl-" + stepKey);
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", 0);
        json.WriteString("model", answer.Model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", answer.Text);
        if (answer.Reasoning is not null)
        {
            json.WriteString("reasoning_content", answer.Reasoning);
        }

        if (answer.ToolCalls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in answer.ToolCalls)
            {
                json.WriteStartObject();
                json.WriteString("id", call.Id);
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", call.Name);
                json.WriteString("arguments", call.Arguments);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteString("finish_reason", answer.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.Usage.PromptTokens);
        json.WriteNumber("completion_tokens", answer.Usage.CompletionTokens);
        json.WriteNumber("total_tokens", answer.Usage.Total);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", answer.Usage.CachedTokens);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static List<ToolCall> ReadCalls(JsonElement message)
    {
        var calls = new List<ToolCall>();
        if (!TryGet(message, "tool_calls", JsonValueKind.Array, out var list))
        {
            return calls;
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in list.EnumerateArray())
        {
            if (!TryGet(call, "function", JsonValueKind.Object, out var function))
            {
                throw new MalformedAnswerException("The model's answer holds a tool call without a function.");
            }

            // Ids must be there and differ within the answer: they tie each result to its call.
            var id = Text(call, "id");
            if (string.IsNullOrEmpty(id) || !ids.Add(id))
            {
                var number = calls.Count + 1;
                while (!ids.Add(id = $"call_{number}"))
                {
                    number++;
                }
            }

            // Without a name it is no tool's, as with a name that the model made up: the runner answers it with the tools that there are.
            calls.Add(new ToolCall(id, Text(function, "name") ?? "", Arguments(function)));
        }

        return calls;
    }

    private static string Arguments(JsonElement function) =>
        !function.TryGetProperty("arguments", out var arguments) ? "{}"
        : arguments.ValueKind == JsonValueKind.String ? (JsonText.Read(arguments) is { Length: > 0 } text ? text : "{}")
        : arguments.ValueKind == JsonValueKind.Null ? "{}"
        : arguments.GetRawText();

    private static string FinishReason(string? reason, int calls) => reason switch
    {
        "length" or "content_filter" => reason,
        _ => calls > 0 ? "tool_calls" : "stop",
    };

    private static TokenUsage ReadUsage(JsonElement root)
    {
        if (!TryGet(root, "usage", JsonValueKind.Object, out var usage))
        {
            return TokenUsage.Zero;
        }

        var cached = TryGet(usage, "prompt_tokens_details", JsonValueKind.Object, out var details) ? Number(details, "cached_tokens") : 0;
        return new TokenUsage(Number(usage, "prompt_tokens"), Number(usage, "completion_tokens"), cached);
    }

    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
    }

    private static string? Text(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.String, out var value) ? JsonText.Read(value) : null;

    private static long Number(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.Number, out var value) && value.TryGetInt64(out var number) && number > 0 ? number : 0;
}
