using System.Text;
using System.Text.Json;

namespace AgentRunner.Conversations;

/// <summary>
/// The arguments of a tool call, read from what the model wrote. Providers refuse a conversation that holds anything but a JSON object in
/// this place, so what goes back to them is one, whatever was written. A function of the text alone: a resumed run sends the same.
/// </summary>
/// <param name="Sent">What goes back to the provider: the object as it was written, or <c>{}</c> when it is not understood.</param>
/// <param name="Object">The object that the tool is run with; null when the call must not be run.</param>
/// <param name="Problem">Why it must not be run; null when it may.</param>
internal sealed record CallArguments(string Sent, JsonElement? Object, string? Problem)
{
    private const string Nothing = "{}";
    private const string Fence = "```";

    private static readonly char[] Padding = [' ', '\t', '\r', '\n', '\uFEFF'];
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Accepts a JSON object, and what can only mean one: an object in a code fence, an object encoded as a JSON string, the same object written
    /// several times, and an empty text, which means no arguments.
    /// </summary>
    public static CallArguments Read(string raw)
    {
        var text = raw.Trim(Padding);
        if (text.Length == 0)
        {
            return Parse(Nothing);
        }

        var plain = Parse(text);
        if (plain.Problem is null)
        {
            return plain;
        }

        var inner = Unfenced(text) ?? Unquoted(text) ?? Once(text);
        return inner is not null && Parse(inner) is { Problem: null } meant ? meant : plain;
    }

    /// <summary>Reads one JSON object that every provider can read.</summary>
    private static CallArguments Parse(string text)
    {
        try
        {
            var bytes = StrictUtf8.GetBytes(text);
            Check(bytes);
            using var document = JsonDocument.Parse(bytes);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Refused($"{Describe(document.RootElement.ValueKind)} is no object");
            }

            return HasRepeatedNames(bytes)
                ? Refused("a name stands twice in the same object")
                : new CallArguments(text, document.RootElement.Clone(), null);
        }
        catch (JsonException exception)
        {
            return Refused(exception.LineNumber is { } line
                ? $"invalid JSON at line {line + 1}, byte {exception.BytePositionInLine + 1}"
                : exception.Message);
        }
        catch (Exception exception) when (exception is InvalidOperationException or EncoderFallbackException)
        {
            return Refused("a text in it is not Unicode: half of a surrogate pair");
        }
    }

    private static CallArguments Refused(string problem) => new(Nothing, null, problem);

    /// <summary>Checks each value for what other JSON readers refuse: half surrogate pairs and numbers beyond a double.</summary>
    private static void Check(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                _ = reader.GetString();
            }
            else if (reader.TokenType == JsonTokenType.Number && !(reader.TryGetDouble(out var number) && double.IsFinite(number)))
            {
                throw new JsonException("a number in it is too large");
            }
        }
    }

    private static bool HasRepeatedNames(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return false;
        }
        catch (JsonException)
        {
            return true;
        }
    }

    /// <summary>What stands between code fences; null when the text is not fenced.</summary>
    private static string? Unfenced(string text)
    {
        if (text.Length < 2 * Fence.Length || !text.StartsWith(Fence, StringComparison.Ordinal) || !text.EndsWith(Fence, StringComparison.Ordinal))
        {
            return null;
        }

        var inner = text.AsSpan()[Fence.Length..^Fence.Length];
        while (inner.Length > 0 && char.IsAsciiLetterOrDigit(inner[0]))
        {
            // The language that the fence names.
            inner = inner[1..];
        }

        return inner.Trim(Padding).ToString();
    }

    /// <summary>The text that a JSON string holds; null when it is none.</summary>
    private static string? Unquoted(string text)
    {
        if (text[0] != '"')
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetString()!.Trim(Padding);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The object that the text repeats, when it holds nothing else. Run once, it is never more than was asked for.</summary>
    private static string? Once(string text)
    {
        if (text[0] != '{' || FirstObject(text) is not { } first)
        {
            return null;
        }

        var rest = text;
        while (rest.StartsWith(first, StringComparison.Ordinal))
        {
            rest = rest[first.Length..].TrimStart(Padding);
        }

        return rest.Length == 0 ? first : null;
    }

    private static string? FirstObject(string text)
    {
        try
        {
            var bytes = StrictUtf8.GetBytes(text);
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
            reader.Read();
            reader.Skip();
            return StrictUtf8.GetString(bytes.AsSpan(0, (int)reader.BytesConsumed));
        }
        catch (Exception exception) when (exception is JsonException or EncoderFallbackException)
        {
            return null;
        }
    }

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
