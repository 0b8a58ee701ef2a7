using System.Text;

namespace AgentOperator.Testing;

/// <summary>Texts as nobody would write them by hand: any UTF-16, put together from what parsers, terminals and encoders stumble over.</summary>
internal static class AnyText
{
    private const int MaxPieces = 40;

    private static readonly string[] Pieces =
    [
        // Characters of several units, marks, and directions.
        "All done! 🎉", "👩‍👩‍👧‍👦", "🇪🇺", "é", "e\u0301\u0323", "漢字", "עברית", "العربية", "\u202Ereversed\u202C", "\u202Dforced",
        "\u2066isolated\u2069", "\u2067", "\u2068",

        // Controls, and what a reader may take for a line's end or an encoding's mark.
        "\u0000", "\u0007", "\u001B[31m", "\u007F", "\u0085", "\u009F", "\u009B31m", "\u001B]0;title\u0007", "\u00A0", "\u00AD", "\u200B",
        "\u2028", "\u2029", "\uFEFF",
        "\r\n", "\r", "\n", "\t", "\v", "\f", "\b", " ", "  ",

        // What is no character, or half of one.
        "\uFFFD", "\uFDD0", "\uFFFE", "\uFFFF", "\uE000", "\U0001FFFE", "\U0010FFFF", "\uD83C", "\uDF89", "\uDF89\uD83C", "\uDBFF\uDFFE",

        // What means something in JSON, YAML or HTML.
        "\"", "'", "\\", "\\u", "\\uD83C\\uDF89", "\\\\u0000", "{", "}", "[", "]", ": ", "- ", "#", "---\n", "...\n", "%YAML 1.1\n", "&a *a",
        "!!binary x", "null", "~", "<<", "|", ">-", "@", "`", "?", ",", "</script>", "&lt;", "0x10", "plain words",
    ];

    /// <summary>The text of a seed: the same each time. A test that fails says the seed.</summary>
    /// <param name="seed">Any number.</param>
    public static string Of(int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var pieces = random.Next(1, MaxPieces); pieces > 0; pieces--)
        {
            switch (random.Next(10))
            {
                case 0:
                    text.Append((char)random.Next(char.MaxValue + 1));
                    break;
                case 1:
                    text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000)));
                    break;
                case 2:
                    text.Append((char)random.Next(0xA0));
                    break;
                default:
                    text.Append(Pieces[random.Next(Pieces.Length)]);
                    break;
            }
        }

        // Now and then longer than any limit.
        return random.Next(8) == 0 ? string.Concat(Enumerable.Repeat(text.ToString(), 300)) : text.ToString();
    }
}
