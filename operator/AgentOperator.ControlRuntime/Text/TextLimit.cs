using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Makes text fit for statuses, events and journal heads: as <see cref="PlainText"/>, and shortened to a number of UTF-8 bytes without cutting a
/// character in two.
/// </summary>
public static class TextLimit
{
    private const string Ellipsis = "…";
    private const int EllipsisBytes = 3;

    /// <summary>The plain text, or as much of its beginning as fits with an ellipsis behind it.</summary>
    /// <param name="text">The text; null stays null.</param>
    /// <param name="maxBytes">The most UTF-8 bytes.</param>
    /// <returns>The text that fits.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Cut(string? text, int maxBytes)
    {
        text = PlainText.Of(text);
        if (text is null || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        return Prefix(text, maxBytes - EllipsisBytes) + Ellipsis;
    }

    /// <summary>As much of a text's beginning as fits, unchanged, without half a character at its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The most UTF-8 bytes.</param>
    public static string Prefix(string text, int maxBytes)
    {
        var (bytes, length) = (0, 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
