using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentRunner.Tests.Generators;

/// <summary>Tool lists of a server, as it may list them one day and the next.</summary>
internal sealed class AnyToolList(Random random)
{
    /// <summary>Two of them are advertised under names that fall together.</summary>
    public static IReadOnlyList<string> Names { get; } = ["act", "b.x", "b x", "c", "d"];

    /// <summary>Input schemas; those of one number take the same arguments. The last cannot be used.</summary>
    private static readonly (int Number, string Text)[] Schemas =
    [
        (1, """{"type":"object"}"""), (1, """{"description":"Caf\u00e9 \u003C","type":"object"}"""), (2, """{"type":"object","required":["a"]}"""),
        (3, """{"type":"object","properties":{"a":{"minimum":1.50}}}"""), (4, "7"),
    ];

    /// <summary>Each tool of the list with its number.</summary>
    public IReadOnlyList<(string Name, int Schema)> Tools { get; private set; } = [];

    /// <summary>The number of a schema that was sent.</summary>
    public static int NumberOf(string schema) => Schemas.Single(
        known => JsonNode.DeepEquals(JsonNode.Parse(known.Text), JsonNode.Parse(schema))).Number;

    /// <summary>Makes another list.</summary>
    /// <returns>Its JSON.</returns>
    public string Next()
    {
        var list = new JsonArray();
        var tools = new List<(string, int)>();
        foreach (var name in Names.Where(_ => random.Next(4) > 0).OrderBy(_ => random.Next()).ToList())
        {
            for (var times = random.Next(8) == 0 ? 2 : 1; times > 0; times--)
            {
                var (number, text) = Schemas[random.Next(10) switch { < 5 => 0, < 7 => 1, 7 => 2, 8 => 3, _ => 4 }];
                list.Add(new JsonObject { ["name"] = name, ["description"] = $"Text {random.Next(3)}.", ["inputSchema"] = JsonNode.Parse(text) });
                tools.Add((name, number));
            }
        }

        Tools = tools;
        return list.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
