using System.Globalization;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The error in the body of a provider's answer. Every provider has its own shape; all of them are read alike.</summary>
internal sealed record ProviderError
{
    /// <summary>An error within the text of an error, as proxies wrap them.</summary>
    private const int MaxNesting = 2;

    private const int MaxCodeLength = 64;
    private static readonly string[] CodeNames = ["code", "type", "status", "reason", "__type"];

    /// <summary>The words that say what is wrong, such as <c>insufficient_quota</c>; the most specific first.</summary>
    public required IReadOnlyList<string> Codes { get; init; }

    /// <summary>The HTTP status that the body names; null if it names none.</summary>
    public int? Status { get; init; }

    /// <summary>What the provider says to people. It may quote the prompt or the key.</summary>
    public string? Message { get; init; }

    /// <summary>How long the body says to wait.</summary>
    public string? RetryDelay { get; init; }

    /// <summary>The error in a body; null if it has none. Never throws, whatever the body is.</summary>
    public static ProviderError? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Of(document.RootElement, MaxNesting);
        }
        catch (JsonException)
        {
            // A web page, or a body cut short.
            return null;
        }
    }

    private static ProviderError? Of(JsonElement root, int nesting)
    {
        var body = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        if (body.ValueKind != JsonValueKind.Object || HasChoice(body))
        {
            return null;
        }

        return Member(body, "error") switch
        {
            { ValueKind: JsonValueKind.Object } error => OfObject(error, body, nesting),
            { ValueKind: JsonValueKind.String } text => new ProviderError { Codes = Words(body), Message = JsonText.Read(text) },
            _ when (Text(body, "message") ?? Text(body, "detail") ?? Text(body, "error_description")) is { } message =>
                OfObject(body, body, nesting) with { Message = message },
            _ => null,
        };
    }

    private static bool HasChoice(JsonElement body) =>
        Member(body, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0;

    private static ProviderError OfObject(JsonElement error, JsonElement body, int nesting)
    {
        var message = Text(error, "message") ?? Text(error, "detail");
        if (nesting > 0 && message?.TrimStart() is ['{' or '[', ..] && Nested(message, nesting) is { } inner)
        {
            return inner;
        }

        var details = Member(error, "details") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        return new ProviderError
        {
            Codes = [.. Words(error).Concat(details.SelectMany(Words)).Concat(Words(body)).Distinct()],
            Status = Number(error, "code") ?? Number(error, "status") ?? Number(body, "status") ?? Number(body, "code"),
            Message = message,
            RetryDelay = details.Append(error).Append(body)
                .Select(part => Text(part, "retryDelay") ?? Text(part, "retry_after") ?? Raw(part, "retry_after"))
                .FirstOrDefault(delay => delay is not null),
        };
    }

    private static ProviderError? Nested(string message, int nesting)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            return Of(document.RootElement, nesting - 1);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Words(JsonElement element) => [.. CodeNames.Select(name => Text(element, name)).OfType<string>().Where(IsWord)];

    private static bool IsWord(string text) =>
        text.Length is > 0 and <= MaxCodeLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static int? Number(JsonElement element, string name) =>
        (Raw(element, name) ?? Text(element, name)) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 400 and < 600
            ? number
            : null;

    private static string? Raw(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } value ? value.GetRawText() : null;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value && JsonText.Read(value) is { Length: > 0 } text ? text : null;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
