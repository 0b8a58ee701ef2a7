using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>
/// A runner's last words: one JSON object in <see cref="Path"/>, which the kubelet shows as the container's termination message. A runner that
/// says nothing is judged by its exit code.
/// </summary>
/// <param name="Reason">One of <see cref="TerminationReasons"/>; null when the text that was read says none.</param>
/// <param name="Message">A sentence for people. Holds no prompt, key or token.</param>
public sealed record TerminationReport(string? Reason, string? Message = null)
{
    /// <summary>The file that the kubelet reads, unless the pod names another.</summary>
    public const string Path = "/dev/termination-log";

    /// <summary>What the kubelet keeps of it, in bytes.</summary>
    public const int MaxBytes = 4096;

    private const int MaxReasonLength = 64;

    private static readonly SearchValues<char> Letters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Text as people read it: <c>kubectl describe</c> shows these bytes.</summary>
    private static readonly ProtocolJson Json = new(new JsonSerializerOptions(ProtocolJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The bytes to write: at most <see cref="MaxBytes"/>, for which the message is cut.</summary>
    public byte[] ToBytes()
    {
        for (var limit = MaxBytes; ;)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(this with { Message = Cut(Message, limit) }, Json.TerminationReport);
            if (bytes.Length <= MaxBytes || limit == 0)
            {
                return bytes;
            }

            // Escapes make some texts longer than others: cut in proportion, and a little more for what surrounds the message.
            limit = Math.Max(0, (int)((long)limit * MaxBytes / bytes.Length) - 16);
        }
    }

    /// <summary>Reads a termination message; null when it is empty. What is no report becomes the message of one without a reason.</summary>
    public static TerminationReport? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        try
        {
            // As bytes: what is no UTF-16 becomes U+FFFD instead of an error.
            if (JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(text), ProtocolJson.Default.TerminationReport) is { } report && IsReason(report.Reason))
            {
                return report;
            }
        }
        catch (JsonException)
        {
            // A program of the image's own, or a runner from before the report.
        }

        return Legacy(text.Trim());
    }

    /// <summary>Runners of version 0.1 wrote <c>Reason: sentence</c>.</summary>
    private static TerminationReport Legacy(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && IsReason(text[..colon]) ? new TerminationReport(text[..colon], text[(colon + 2)..]) : new TerminationReport(null, text);
    }

    /// <summary>Whether a text can be a reason, one that this version does not know too: a CamelCase word.</summary>
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
