using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentOperator.ControlRuntime;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// What of a provider's own message may be shown in statuses and logs: one line, bounded, without the key, and nothing at all if it quotes the
/// request, because that holds the prompt.
/// </summary>
internal static partial class ProviderSentence
{
    /// <summary>The most UTF-8 bytes of a provider's message.</summary>
    public const int MaxBytes = 300;

    private const string Redacted = "[redacted]";

    /// <summary>Runs of this length do not occur in a message and in a prompt by chance.</summary>
    private const int QuoteLength = 20;

    /// <summary>A shorter text is a quotation only between quotation marks.</summary>
    private const int ShortestQuote = 3;

    /// <summary>Strings of a request that say nothing of the prompt.</summary>
    private static readonly string[] HarmlessNames = ["model", "role", "type", "id", "tool_call_id"];

    private static readonly string[] TextNames = ["content", "text", "arguments", "reasoning_content"];

    /// <summary>The message as it may be shown; null if there is nothing to show.</summary>
    /// <param name="message">The provider's message.</param>
    /// <param name="secrets">The key and the other secrets that were sent.</param>
    /// <param name="request">The request that was sent.</param>
    public static string? Of(string? message, IReadOnlyList<string> secrets, ReadOnlyMemory<byte> request)
    {
        if (string.IsNullOrWhiteSpace(message))
        {
            return null;
        }

        // Cut first: the rest is never shown, and it may be megabytes. Redact before that cut could halve a key.
        var text = message.Length > 8 * MaxBytes ? message[..(8 * MaxBytes)] : message;
        text = secrets.Aggregate(text, (shown, secret) => shown.Replace(secret, Redacted, StringComparison.Ordinal));
        text = Credential().Replace(text, Redacted);
        text = TextLimit.Cut(Spaces().Replace(text, " ").Trim(), MaxBytes);
        return text.Length == 0 || Quotes(text, request) ? null : text;
    }

    private static bool Quotes(string shown, ReadOnlyMemory<byte> request)
    {
        var text = Plain(shown);
        var pieces = text.Length <= QuoteLength
            ? [text]
            : Enumerable.Range(0, text.Length - QuoteLength + 1).Select(start => text.Substring(start, QuoteLength)).ToArray();
        var search = SearchValues.Create(pieces, StringComparison.Ordinal);
        try
        {
            var reader = new Utf8JsonReader(JsonText.Repair(request).Span);
            var name = "";
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    name = reader.GetString()!;
                }
                else if (reader.TokenType == JsonTokenType.String && !HarmlessNames.Contains(name))
                {
                    var value = Plain(reader.GetString()!);
                    if (value.AsSpan().ContainsAny(search) || (TextNames.Contains(name) && IsQuotedWhole(value, text)))
                    {
                        return true;
                    }
                }
            }

            return false;
        }
        catch (JsonException)
        {
            // What is no JSON was never sent by the gateway. Better to say too little.
            return request.Length > 0 && Encoding.UTF8.GetString(request.Span).AsSpan().ContainsAny(search);
        }
    }

    private static bool IsQuotedWhole(string value, string text) => value.Trim() is { Length: >= ShortestQuote and < QuoteLength } quoted
        && "'\"`".Any(mark => text.Contains($"{mark}{quoted}{mark}", StringComparison.Ordinal));

    /// <summary>A text without escapes, however often it was escaped, and with single spaces. Errors quote JSON, and JSON within JSON.</summary>
    private static string Plain(string text) => Spaces().Replace(Escape().Replace(text, Unescape), " ");

    private static string Unescape(Match escape) => escape.Groups[1] is { Success: true } unit
        ? ((char)ushort.Parse(unit.ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString()
        : escape.Groups[2].Value is "n" or "r" or "t" ? " "
        : escape.Groups[2].Value;

    [GeneratedRegex(@"\\+(?:u([0-9A-Fa-f]{4})|(.))", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    /// <summary>An Authorization value, or a key in one of the common forms, masked or not.</summary>
    [GeneratedRegex(
        @"\b(?:Bearer|Basic)\s+\S+|[\w-]*\*{3,}[\w-]*"
            + @"|\b(?:sk|gsk|xai)[-_][^\s'"",]{6,}|\bAIza[\w-]{10,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Credential();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
