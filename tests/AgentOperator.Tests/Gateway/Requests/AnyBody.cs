using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentOperator.Tests.Gateway;

/// <summary>Bodies that begin as a valid one: values are left out, doubled, or replaced by any other, and the end may be missing.</summary>
internal static class AnyBody
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1.0", "2e0", "1e400", "9223372036854775808", "2147483648", "-0", "\"\"", "\"\\ud83c\"", "\"\\udf89\\ud83c\"",
        "\"\\u0000\"", "[]", "{}", "[[[[[[]]]]]]", "{\"\":{}}", "{\"a\":1,\"a\":\"2\"}", "\"Succeeded\"", "\"ToolResult\"", "\"RunFinished\"",
    ];

    /// <summary>The body of a seed: the same each time.</summary>
    public static string Of(JsonObject example, int seed)
    {
        var random = new Random(seed);
        var body = new StringBuilder();
        Write(example, body, random);
        return random.Next(20) == 0 ? body.ToString(0, random.Next(body.Length)) : body.ToString();
    }

    private static void Write(JsonNode? value, StringBuilder body, Random random)
    {
        if (random.Next(25) == 0)
        {
            body.Append(Odd(random));
            return;
        }

        switch (value)
        {
            case JsonObject fields:
                body.Append('{').AppendJoin(',', fields.SelectMany(field => Field(field, random))).Append('}');
                break;
            case JsonArray items:
                body.Append('[').AppendJoin(',', items.Select(item => Text(item, random))).Append(']');
                break;
            default:
                body.Append(value?.ToJsonString() ?? "null");
                break;
        }
    }

    /// <summary>Usually the field as it is; now and then none, or two.</summary>
    private static IEnumerable<string> Field(KeyValuePair<string, JsonNode?> field, Random random) => Enumerable
        .Range(0, random.Next(40) switch { 0 => 0, 1 => 2, _ => 1 })
        .Select(_ => $"{JsonSerializer.Serialize(field.Key)}:{Text(field.Value, random)}");

    private static string Text(JsonNode? value, Random random)
    {
        var text = new StringBuilder();
        Write(value, text, random);
        return text.ToString();
    }

    private static string Odd(Random random) => random.Next(4) switch
    {
        0 => JsonSerializer.Serialize(AnyText.Of(random.Next())),
        1 => string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
        _ => Values[random.Next(Values.Length)],
    };
}
