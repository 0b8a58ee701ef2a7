namespace AgentOperator.Protocol;

/// <summary>Reasoning that a model wrote at the beginning of its text, in tags. It is not part of the answer.</summary>
public static class ReasoningTags
{
    private const string Fence = "```";

    private static readonly (string Open, string Close)[] Tags =
    [
        ("<think>", "</think>"), ("<thinking>", "</thinking>"), ("<thought>", "</thought>"), ("<reasoning>", "</reasoning>"),
        ("<seed:think>", "</seed:think>"), ("[THINK]", "[/THINK]"),
    ];

    /// <summary>Where the answer starts: 0 without reasoning, the text's length when the reasoning does not end.</summary>
    public static int EndIn(string text)
    {
        var start = text.Length - text.AsSpan().TrimStart().Length;
        foreach (var (open, close) in Tags)
        {
            if (text.AsSpan(start).StartsWith(open, StringComparison.Ordinal))
            {
                var end = text.IndexOf(close, start, StringComparison.Ordinal);
                return end < 0 ? text.Length : end + close.Length;
            }
        }

        return EndOfUnopened(text);
    }

    /// <summary>Templates that open the reasoning in the prompt leave only its end in the text, on a line of its own.</summary>
    private static int EndOfUnopened(string text)
    {
        var (open, close) = Tags[0];
        var at = text.IndexOf(close, StringComparison.Ordinal);
        if (at < 0)
        {
            return 0;
        }

        var before = text.AsSpan(0, at);
        var after = text.AsSpan(at + close.Length).TrimStart(" \t\r");
        var isOnItsOwn = before.TrimEnd(" \t") is [] or [.., '\n'] && after is [] or ['\n', ..];
        return isOnItsOwn && !before.Contains(open, StringComparison.Ordinal) && before.Count(Fence) % 2 == 0 ? at + close.Length : 0;
    }
}
