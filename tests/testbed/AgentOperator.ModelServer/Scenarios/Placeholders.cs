using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentOperator.ModelServer.Scenarios;

/// <summary>The values that <c>{{name}}</c> in a scenario's texts stands for.</summary>
/// <param name="Step">Zero-based number of the step: the assistant messages in the request.</param>
/// <param name="Run">The conversation's identity.</param>
/// <param name="Effects">Address of the effect ledger.</param>
internal sealed partial record Placeholders(int Step, string Run, string Effects)
{
    /// <summary>All placeholders, for error messages.</summary>
    public const string Known = "{{step}} (zero-based), {{number}} (one-based), {{run}}, {{effects}}";

    /// <summary>The first placeholder in a text that does not exist; null when all do.</summary>
    public static string? FindUnknown(string text) =>
        Pattern().Matches(text).Select(match => match.Value).FirstOrDefault(value => !Known.Contains(value, StringComparison.Ordinal));

    /// <summary>The text with its placeholders replaced.</summary>
    public string Fill(string text) => Pattern().Replace(text, match => match.Groups["name"].Value switch
    {
        "step" => Step.ToString(CultureInfo.InvariantCulture),
        "number" => (Step + 1).ToString(CultureInfo.InvariantCulture),
        "run" => Run,
        "effects" => Effects,
        _ => match.Value,
    });

    [GeneratedRegex(@"\{\{(?<name>[a-z]+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
