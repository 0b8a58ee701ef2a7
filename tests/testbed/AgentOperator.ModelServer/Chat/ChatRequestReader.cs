using System.Text.Json;

namespace AgentOperator.ModelServer.Chat;

/// <summary>Reads a chat completion request.</summary>
internal static class ChatRequestReader
{
    /// <exception cref="ChatRequestException">The body is no chat completion request, or the run's header is not valid.</exception>
    public static ChatRequest Read(ReadOnlyMemory<byte> body, string? runHeader)
    {
        using var document = Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            throw new ChatRequestException("The body is not a JSON object.");
        if (StringOf(root, "model") is not { Length: > 0 } model)
            throw new ChatRequestException("model is missing.");
        if (!root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
            throw new ChatRequestException("messages is missing or empty.");
        if (root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True)
            throw new ChatRequestException("stream is not supported; ask without it.");

        var step = 0;
        var last = default(JsonElement);
        foreach (var message in messages.EnumerateArray())
        {
            var role = message.ValueKind == JsonValueKind.Object ? StringOf(message, "role") : null;
            if (role is null)
                throw new ChatRequestException("Each of messages is an object with a role.");
            step += role == "assistant" ? 1 : 0;
            last = message;
        }

        return new ChatRequest(
            model, Conversation.Identify(runHeader, model, messages), step, messages.GetArrayLength(), StringOf(last, "role")!, TextOf(last),
            body.Length);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException error)
        {
            throw new ChatRequestException("The body is no JSON.", error);
        }
    }

    private static string TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
            return "";
        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Concat(content.EnumerateArray()
                .Where(part => part.ValueKind == JsonValueKind.Object)
                .Select(part => StringOf(part, "text"))),
            _ => "",
        };
    }

    private static string? StringOf(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
