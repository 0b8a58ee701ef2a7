using AgentOperator.Chaos.Engine;

namespace AgentOperator.Chaos.Agents;

/// <summary>Text as models, tools and users write it: beyond the first plane, right to left, with controls, and with halves of characters.</summary>
internal static class OddText
{
    /// <summary>Stands in a body for what <see cref="OnTheWire"/> writes there; a JSON writer would have repaired it.</summary>
    public const string Mark = "@odd@";

    /// <summary>Half a character, as a tool that cuts its output leaves it, and a character that YAML refuses.</summary>
    public const string OfATool = "done \U0001F389 \uD83C \uFEFF\u0000\u0085";

    /// <summary>What a user may write: whole characters only, since the API server keeps no others.</summary>
    public const string OfAUser = "\U0001F680 \u202Eשלום\u202C 日本語 \u2028 \u0001";

    private static readonly IReadOnlyList<string> Escaped =
    [
        @"\ud83c\udf89",
        "\U0001F389",
        @"\ud83c",
        @"\udf89 \ud83c",
        @"\u0000\u0001\u001b[31m",
        @"\ufeff\ufffe\uffff",
        @"\u0085\u2028\u2029",
        "\u202E\u05E9\u05DC\u05D5\u05DD",
    ];

    /// <summary>Writes odd text in the place of each mark, as JSON escapes it or as plain UTF-8.</summary>
    public static string OnTheWire(string body, SimulationRandom random) => body.Replace(Mark, random.Pick(Escaped), StringComparison.Ordinal);
}
