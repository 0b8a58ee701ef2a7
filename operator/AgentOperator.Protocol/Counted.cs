using System.Globalization;

namespace AgentOperator.Protocol;

/// <summary>A number of things, for a sentence: "1 attempt", "2 attempts".</summary>
public static class Counted
{
    /// <summary>The number and the noun in its form.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">The noun in the singular, with a plural in "s".</param>
    public static string Of(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
