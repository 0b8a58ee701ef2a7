using System.Text;

namespace AgentOperator.ControlRuntime;

/// <summary>Makes texts fit the API's limits.</summary>
internal static class EventText
{
    public const int MaxNoteBytes = 1024;
    public const int MaxNameBytes = 128;

    /// <summary>Replaces a note that the server refuses.</summary>
    public const string RefusedNote = "The event's text is left out: the API server refused it.";

    /// <summary>The text as <see cref="PlainText"/>, cut so that its UTF-8 fits, and never through a character.</summary>
    public static string Cut(string? text, int maxBytes)
    {
        text = PlainText.Of(text);
        if (text is null || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text ?? "";
        }

        var bytes = 0;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > maxBytes)
            {
                break;
            }

            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }
}
