using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The error in the body of a provider's answer. Every provider has its own shape; all of them are read alike.</summary>
internal sealed partial record ProviderError
{
    /// <summary>An error within an error, as proxies wrap them.</summary>
    private const int MaxNesting = 3;

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

    /// <summary>What the model wrote, if the error is that the provider cannot read it.</summary>
    public string? FailedGeneration { get; init; }

    /// <summary>The error in a body; null if it has none. Never throws, whatever the body is.</summary>
    public static ProviderError? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Span.StartsWith("\uFEFF"u8) ? body["\uFEFF"u8.Length..] : body);
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
        if (body.ValueKind != JsonValueKind.Object || nesting == 0)
        {
            return null;
        }

        if (FirstChoice(body) is { } choice)
        {
            return Interruption(choice, body) is { } interruption ? OfObject(interruption, body, nesting) : null;
        }

        return Member(body, "error") switch
        {
            { ValueKind: JsonValueKind.Object } error => OfObject(error, body, nesting),
            { ValueKind: JsonValueKind.String } text => OfText(JsonText.Read(text), body, nesting),
            _ when Member(body, "errors") is { ValueKind: JsonValueKind.Array } errors && errors.GetArrayLength() > 0 =>
                OfObject(errors[0], body, nesting),
            _ when Member(body, "detail") is { ValueKind: JsonValueKind.Object } detail => Of(detail, nesting - 1),
            _ when (Text(body, "message") ?? Text(body, "detail") ?? Text(body, "error_description")) is { } message =>
                OfObject(body, body, nesting) with { Message = message },
            _ => null,
        };
    }

    private static JsonElement? FirstChoice(JsonElement body) =>
        Member(body, "choices") is { ValueKind: JsonValueKind.Array } choices && choices.GetArrayLength() > 0 ? choices[0] : null;

    /// <summary>The error that a choice ended with, beside the choice or in it; null if the choice ended otherwise.</summary>
    private static JsonElement? Interruption(JsonElement choice, JsonElement body) => Text(choice, "finish_reason") is not (null or "error")
        ? null
        : new[] { Member(choice, "error"), Member(body, "error") }
            .FirstOrDefault(error => error is { } given && (Text(given, "message") ?? Text(given, "code")) is not null);

    private static ProviderError OfText(string text, JsonElement body, int nesting) =>
        (Nested(text, nesting) ?? new ProviderError { Codes = [], Message = text }).Within(new ProviderError { Codes = Words(body) });

    private static ProviderError OfObject(JsonElement error, JsonElement body, int nesting)
    {
        // Of a provider behind another one, as it came.
        var raw = Member(error, "metadata") is { } metadata ? Text(metadata, "raw") : null;
        var message = raw ?? Text(error, "message") ?? Text(error, "detail");
        var outer = Outer(error, body) with { Message = message };
        return message is not null && Nested(message, nesting) is { } inner ? inner.Within(outer) : outer;
    }

    private static ProviderError Outer(JsonElement error, JsonElement body)
    {
        var details = Member(error, "details") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        return new ProviderError
        {
            Codes = [.. Words(error).Concat(details.SelectMany(Words)).Concat(Words(body)).Distinct()],
            Status = Number(error, "code") ?? Number(error, "status") ?? Number(body, "status") ?? Number(body, "code"),
            FailedGeneration = Text(error, "failed_generation"),
            RetryDelay = details.Append(error).Append(body)
                .Select(part => Text(part, "retryDelay") ?? Text(part, "retry_after") ?? Raw(part, "retry_after"))
                .FirstOrDefault(delay => delay is not null),
        };
    }

    /// <summary>The error that a message holds as JSON, perhaps after the names of exceptions and before a remark.</summary>
    private static ProviderError? Nested(string message, int nesting)
    {
        if (BeforeJson().Match(message) is not { Success: true } before)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(message[before.Length..]));
            using var document = JsonDocument.ParseValue(ref reader);
            return Of(document.RootElement, nesting - 1);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private ProviderError Within(ProviderError outer) => new()
    {
        Codes = [.. Codes.Concat(outer.Codes).Distinct()],
        Status = Status ?? outer.Status,
        Message = Message ?? outer.Message,
        FailedGeneration = FailedGeneration ?? outer.FailedGeneration,
        RetryDelay = RetryDelay ?? outer.RetryDelay,
    };

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

    [GeneratedRegex(@"^[\w.:/ -]{0,200}(?:b?')?(?=[{\[])", RegexOptions.CultureInvariant)]
    private static partial Regex BeforeJson();
}
