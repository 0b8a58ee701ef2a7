using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>
/// The runner's termination report: one JSON object in <see cref="Path"/>, which the kubelet publishes as the container's termination
/// message. Without a report, only the exit code counts.
/// </summary>
/// <param name="Reason">One of <see cref="TerminationReasons"/>; null when the termination message has no reason.</param>
/// <param name="Message">A human-readable message. Contains no prompt, key or token.</param>
public sealed record TerminationReport(string? Reason, string? Message = null)
{
    /// <summary>The kubelet's default path for termination messages.</summary>
    public const string Path = "/dev/termination-log";

    /// <summary>The kubelet's size limit for a termination message, in bytes.</summary>
    public const int MaxBytes = 4096;

    private const int MaxReasonLength = 64;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Leaves non-ASCII text readable: <c>kubectl describe</c> shows these bytes.</summary>
    private static readonly ProtocolJson Json = new(
        new JsonSerializerOptions(ProtocolJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The bytes to write. Cuts the message to stay within <see cref="MaxBytes"/>.</summary>
    public byte[] ToBytes()
    {
        for (var limit = MaxBytes; ;)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(this with { Message = Cut(Message, limit) }, Json.TerminationReport);
            if (bytes.Length <= MaxBytes || limit == 0)
            {
                return bytes;
            }

            // JSON escapes vary the encoded length. Cut in proportion, with some slack for the rest of the object.
            limit = Math.Max(0, (int)((long)limit * MaxBytes / bytes.Length) - 16);
        }
    }

    /// <summary>Reads a termination message; null when it is empty. Text that is not a report becomes a message without a reason.</summary>
    public static TerminationReport? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            // Parsing bytes turns lone surrogates into U+FFFD; parsing a string would throw.
            if (JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(text), ProtocolJson.Default.TerminationReport) is { } report
                && IsReason(report.Reason))
            {
                return report;
            }
        }
        catch (JsonException)
        {
            // Written by a custom image, or by a runner from before reports.
        }

        return Legacy(text.Trim());
    }

    /// <summary>Runners of version 0.1 wrote <c>Reason: sentence</c>.</summary>
    private static TerminationReport Legacy(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && IsReason(text[..colon]) ? new TerminationReport(text[..colon], text[(colon + 2)..]) : new TerminationReport(null, text);
    }

    /// <summary>Whether a text looks like a reason: one CamelCase word, known or not.</summary>
    private static bool IsReason(string? text) =>
        text is { Length: > 0 and <= MaxReasonLength } && char.IsAsciiLetterUpper(text[0]) && text.AsSpan().IndexOfAnyExcept(Letters) < 0;

    private static string? Cut(string? text, int maxBytes)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var cut = new StringBuilder();
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cut.ToString();
    }
}
