using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentOperator.Api;

/// <summary>Shortens text to a number of UTF-8 bytes without cutting a character in two.</summary>
public static class TextLimit
{
    private const string Ellipsis = "…";
    private const int EllipsisBytes = 3;

    /// <summary>The text, or as much of its beginning as fits with an ellipsis behind it.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Cut(string? text, int maxBytes)
    {
        if (text is null || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (bytes + rune.Utf8SequenceLength > maxBytes - EllipsisBytes)
            {
                break;
            }

            bytes += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return text[..length] + Ellipsis;
    }
}
