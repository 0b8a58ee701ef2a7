using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentOperator.Gateway.Models;

/// <summary>The size of a request that is too long, and the largest that the provider takes, both as the provider counts: mostly in tokens.</summary>
internal sealed partial record RequestSize(long Size, long Limit)
{
    private const int MaxErrorBytes = 64 * 1024;

    /// <summary>The sizes that an error names; null if it does not name both. What is reserved for the answer is taken off the limit.</summary>
    /// <param name="error">The body of the provider's answer.</param>
    public static RequestSize? Find(ReadOnlyMemory<byte> error)
    {
        var text = DigitGroups().Replace(Encoding.UTF8.GetString(error.Span[..Math.Min(error.Length, MaxErrorBytes)]), "");
        if (Number(Limits().Match(text)) is not { } limit)
        {
            return null;
        }

        var output = Number(Outputs().Match(text)) ?? 0;
        var size = Number(Prompts().Match(text)) ?? Number(Totals().Match(text)) - output;
        return size > limit - output && limit > output ? new RequestSize(size.Value, limit - output) : null;
    }

    private static long? Number(Match match) =>
        match.Groups.Values.Skip(1).FirstOrDefault(group => group.Success) is { } group
        && long.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    [GeneratedRegex(@"(?<=\d),(?=\d{3}(?!\d))", RegexOptions.CultureInvariant)]
    private static partial Regex DigitGroups();

    /// <summary>What the prompt and the answer together may have.</summary>
    [GeneratedRegex(
        """
        maximum\ (?:context|prompt|input|sequence|model)?\ ?length\ (?:is\ |of\ )?(\d+)
        |context\ length\ (?:is\ |of\ |\()?(?:only\ )?(\d+)
        |(\d+)\ maximum
        |maximum\ number\ of\ (?:input\ )?tokens\ allowed\ \(?(\d+)
        |context\ size\ \((\d+)
        |"n_ctx"\s*:\s*(\d+)
        |context\ limit:\ \d+\ \+\ \d+\ >\ (\d+)
        |Limit\ (\d+),\ Requested
        |must\ be\ <=\ (\d+)
        |must\ have\ less\ than\ (\d+)
        |max\ input\ tokens:\ (\d+)
        |only\ supports\ up\ to\ (\d+)
        |input\ length\ should\ be\ \[1,\ ?(\d+)\]
        |exceeds?\ (?:the\ )?(?:limit|maximum|context\ window)\ of\ (\d+)
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Limits();

    /// <summary>What the prompt has.</summary>
    [GeneratedRegex(
        """
        (\d+)\ (?:tokens\ )?in\ the\ (?:messages|prompt|input)
        |(\d+)\ of\ (?:the\ )?(?:text\ )?input
        |messages\ resulted\ in\ (\d+)
        |(?:contains?|has)\ (?:at\ least\ )?(\d+)\ (?:input\ )?tokens
        |too\ long:\ (\d+)
        |token\ count:?\ (?:is\ )?\(?(\d+)
        |"n_prompt_tokens"\s*:\s*(\d+)
        |(?:request|prompt|input|tokens)\ \((?:total\ )?(?:length\ )?(\d+)(?:\ tokens)?\)
        |context\ limit:\ (\d+)\ \+
        |Given:\ (\d+)
        |string\ with\ length\ (\d+)
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Prompts();

    /// <summary>What the prompt and the answer have together.</summary>
    [GeneratedRegex(@"requested (?:about )?(\d+)(?! output)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Totals();

    /// <summary>What is reserved for the answer.</summary>
    [GeneratedRegex(
        """
        (\d+)\ (?:tokens\ )?in\ the\ (?:completion|output)
        |requested\ (\d+)\ output
        |context\ limit:\ \d+\ \+\ (\d+)
        |too\ large:\ (\d+)\.
        |(\d+)\ `max_new_tokens`
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Outputs();
}
