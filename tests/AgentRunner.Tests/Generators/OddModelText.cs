using System.Text;

namespace AgentRunner.Tests.Generators;

/// <summary>Texts that models write where something else is expected, and any others; the same for the same seed.</summary>
internal sealed class OddModelText(Random random)
{
    private static readonly string[] Known =
    [
        "", " ", "\uFEFF{}", "{}", "null", "[]", "true", "1e999", "{\"a\":1e999}", "{\"a\":NaN}", "{}{}", "{\"a\":1}{\"a\":1}", "{\"a\":1}{\"b\":2}",
        "{\"a\":1", "{\"a\":1,\"a\":2}",
        "```json\n{\"a\":1}\n```", "```{}```", "``````", "```", "\"{\\\"a\\\":1}\"", "\"{\\\"a\\\":\\\"\\\\ud83c\\\"}\"", "\"\\ud83c\"",
        "{\"a\":\"\\ud83c\"}", "{\"\\udf89\":1}", "{\"a\":\"\\ud83c\\udf89\"}",
        "\ud83c", "{\"a\":\"\udf89\"}", "{\"a\":\"\u0000\"}", "{'a':1}", "{\"a\":1,}", "// no\n{}", "shell", "a tool", "sh.ell", "\u0000", "call_1_0",
        "call_1_1", "\\", "\"", "{\"a\":{\"b\":[1,2.50,-0]}}",
        new string('n', 300), new string('[', 200), string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "\\", ":", ",", "\"a\"", "1", "null", "```", "json", " ", "\n", "\uFEFF", "\ud83c", "\udf89", "🎉", "é", "\u0000",
        "\u2028", "\\ud83c", "\\u0000", "e999", "-", ".",
    ];

    /// <summary>The next one.</summary>
    public string Next()
    {
        var text = random.Next(3) == 0 ? Made() : Known[random.Next(Known.Length)];
        return random.Next(4) switch
        {
            0 when text.Length > 0 => text[..random.Next(text.Length)],
            1 => text + Known[random.Next(Known.Length)],
            _ => text,
        };
    }

    private string Made()
    {
        var made = new StringBuilder();
        for (var left = random.Next(12); left > 0; left--)
        {
            made.Append(random.Next(3) == 0 ? ((char)random.Next(char.MaxValue + 1)).ToString() : Pieces[random.Next(Pieces.Length)]);
        }

        return made.ToString();
    }
}
