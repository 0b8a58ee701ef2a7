using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>The text of a message's content, which is a string or parts.</summary>
internal static class ContentText
{
    /// <summary>The text; null when there is none.</summary>
    public static string? Of(JsonElement message) => message.TryGetProperty("content", out var content) ? OfContent(content) : null;

    /// <summary>Whether the content is nothing but its text, so that the text can go back in its place.</summary>
    public static bool IsPlain(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.Array => content.EnumerateArray().All(IsPlainPart),
        JsonValueKind.Object => false,
        _ => true,
    };

    private static string? OfContent(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => JsonText.Read(content),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => content.GetRawText(),
        JsonValueKind.Object => OfPart(content),
        JsonValueKind.Array when content.EnumerateArray().Select(OfContent).OfType<string>().ToList() is { Count: > 0 } parts => string.Concat(parts),
        _ => null,
    };

    /// <summary>A part's text. Parts of other kinds (reasoning, images) have none.</summary>
    private static string? OfPart(JsonElement part)
    {
        if (part.Text("type") is not (null or "text" or "output_text" or "refusal") || !part.TryGetProperty("text", out var text))
        {
            return part.Text("type") is "refusal" ? part.Text("refusal") : null;
        }

        return text.ValueKind == JsonValueKind.Object ? text.Text("value") : text.ValueKind == JsonValueKind.String ? JsonText.Read(text) : null;
    }

    private static bool IsPlainPart(JsonElement part) =>
        part.ValueKind == JsonValueKind.String
        || (part.ValueKind == JsonValueKind.Object && OfPart(part) is not null
            && part.EnumerateObject().All(field => field.Name is "type" or "text" or "refusal" || field.Value.IsNothing()));
}
