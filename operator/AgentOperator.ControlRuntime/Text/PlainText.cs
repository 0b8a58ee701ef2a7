using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Makes text from elsewhere (providers, tools, the kubelet) fit for objects on the API server, terminals and logs.
/// </summary>
public static class PlainText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// The text with unpaired surrogates, control characters, and controls of the writing direction replaced by U+FFFD. The last ones (U+202A to
    /// U+202E, U+2066 to U+2069) can make a line read as something else. Line feeds and tabs stay; CR LF and CR become LF. Every other character
    /// stays, whatever its script or plane.
    /// </summary>
    /// <param name="text">Any string; null gives null.</param>
    /// <returns>The same instance when there is nothing to replace.</returns>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Of(string? text)
    {
        var plain = 0;
        while (plain < text?.Length && PlainLength(text, plain) is > 0 and var length)
        {
            plain += length;
        }

        return text is null || plain == text.Length ? text : Replace(text, plain);
    }

    private static string Replace(string text, int plain)
    {
        var result = new StringBuilder(text, 0, plain, text.Length);
        for (var i = plain; i < text.Length;)
        {
            var length = PlainLength(text, i);
            if (length > 0)
            {
                result.Append(text, i, length);
                i += length;
                continue;
            }

            if (text[i] != '\r')
            {
                result.Append(Replacement);
            }
            else if (i + 1 == text.Length || text[i + 1] != '\n')
            {
                result.Append('\n');
            }

            i++;
        }

        return result.ToString();
    }

    /// <summary>How many UTF-16 units the character at an index has; 0 when it has to be replaced.</summary>
    private static int PlainLength(string text, int index) => text[index] switch
    {
        '\n' or '\t' => 1,
        var unit when char.IsControl(unit) => 0,
        (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') => 0,
        var unit when char.IsHighSurrogate(unit) => index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]) ? 2 : 0,
        var unit when char.IsLowSurrogate(unit) => 0,
        _ => 1,
    };
}
