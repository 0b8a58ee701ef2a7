using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>JSON as providers write it: with a byte order mark, trailing commas, <c>NaN</c>, half characters, nested deeply.</summary>
internal static class LenientJson
{
    private static readonly JsonDocumentOptions Options = new()
    {
        AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 1000,
    };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <exception cref="MalformedAnswerException">It is no JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body) =>
        ParseRepaired(JsonText.Repair(body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body));

    /// <summary>A part of an answer. Half of an escaped surrogate pair stays as it is: the other half may be in the next part.</summary>
    /// <exception cref="MalformedAnswerException">It is no JSON.</exception>
    public static JsonDocument ParseFragment(ReadOnlyMemory<byte> json) =>
        ParseRepaired(Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span)));

    private static JsonDocument ParseRepaired(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json, Options);
        }
        catch (JsonException)
        {
            return ParseWithoutNumbersThatAreNone(json);
        }
    }

    private static JsonDocument ParseWithoutNumbersThatAreNone(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(WithNulls(json.Span), Options);
        }
        catch (JsonException exception)
        {
            throw new MalformedAnswerException("The model's answer is not JSON.", exception);
        }
    }

    /// <summary>The same with null for <c>NaN</c> and <c>Infinity</c>, which some JSON writers know and no reader must.</summary>
    private static byte[] WithNulls(ReadOnlySpan<byte> json)
    {
        var result = new List<byte>(json.Length);
        var quoted = false;
        for (var at = 0; at < json.Length;)
        {
            var left = json[at..];
            var length = quoted ? 0
                : left.StartsWith("-Infinity"u8) ? "-Infinity".Length
                : left.StartsWith("Infinity"u8) ? "Infinity".Length
                : left.StartsWith("NaN"u8) ? "NaN".Length
                : 0;
            if (length > 0)
            {
                result.AddRange("null"u8);
                at += length;
                continue;
            }

            var step = quoted && left[0] == '\\' && left.Length > 1 ? 2 : 1;
            quoted ^= step == 1 && left[0] == '"';
            result.AddRange(left[..step]);
            at += step;
        }

        return [.. result];
    }
}
