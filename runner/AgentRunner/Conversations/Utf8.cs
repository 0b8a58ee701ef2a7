using System.Text;

namespace AgentRunner.Conversations;

/// <summary>Text by its UTF-8 bytes.</summary>
internal static class Utf8
{
    /// <summary>The size of a text; 0 for none.</summary>
    public static int Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    /// <summary>The longest beginning of whole characters that has at most so many bytes.</summary>
    public static string Beginning(string text, int maxBytes)
    {
        var (at, bytes) = (0, 0);
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            at += length;
        }

        return text[..at];
    }

    /// <summary>The longest end of whole characters that has at most so many bytes.</summary>
    public static string End(string text, int maxBytes)
    {
        var (at, bytes) = (text.Length, 0);
        while (at > 0)
        {
            Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out var length);
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            at -= length;
        }

        return text[at..];
    }
}
