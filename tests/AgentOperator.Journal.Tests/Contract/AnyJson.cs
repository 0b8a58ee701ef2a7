using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Journal.Tests;

/// <summary>Objects of any JSON: any text, any number, any nesting, in any notation.</summary>
internal static class AnyJson
{
    private const int MaxDepth = 6;
    private const int MaxText = 500;

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "0", "-0", "0.10", "1e400", "-1.5E-300", "9007199254740993", "123456789012345678901234567890",
        "3.141592653589793238462643383279", "\"\"", "\"\\u0000\"", "\"\\u00e9\\/\"", "\"\\ud83c\\udf89\"", "[]", "{}",
    ];

    /// <summary>The object of a seed: the same each time.</summary>
    public static JsonElement Of(int seed)
    {
        var random = new Random(seed);
        var json = new StringBuilder();
        AppendObject(json, random, depth: 0);
        using var document = JsonDocument.Parse(json.ToString());
        return document.RootElement.Clone();
    }

    /// <summary>The text of a seed, without halves of surrogate pairs: what reaches a journal has none.</summary>
    public static string Text(int seed)
    {
        var text = AnyText.Of(seed);
        return string.Concat(text[..Math.Min(text.Length, MaxText)].EnumerateRunes());
    }

    private static void AppendValue(StringBuilder json, Random random, int depth)
    {
        switch (random.Next(depth < MaxDepth ? 6 : 4))
        {
            case 0 or 1:
                AppendText(json, random);
                break;
            case 2 or 3:
                json.Append(Scalars[random.Next(Scalars.Length)]);
                break;
            case 4:
                AppendObject(json, random, depth + 1);
                break;
            default:
                json.Append('[');
                AppendList(json, random, () => AppendValue(json, random, depth + 1));
                json.Append(']');
                break;
        }
    }

    private static void AppendObject(StringBuilder json, Random random, int depth)
    {
        json.Append('{');
        AppendList(json, random, () =>
        {
            AppendText(json, random);
            json.Append(':');
            AppendValue(json, random, depth);
        });
        json.Append('}');
    }

    private static void AppendList(StringBuilder json, Random random, Action append)
    {
        for (var count = random.Next(5); count > 0; count--)
        {
            json.Append(random.Next(4) == 0 ? " \r\n\t" : "");
            append();
            json.Append(count > 1 ? "," : "");
        }
    }

    private static void AppendText(StringBuilder json, Random random)
    {
        var text = Text(random.Next());
        var escapeAll = random.Next(2) == 0;
        json.Append('"');
        foreach (var unit in text)
        {
            json.Append(escapeAll || unit is '"' or '\\' or < ' ' ? string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}") : unit);
        }

        json.Append('"');
    }
}
