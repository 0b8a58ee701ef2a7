namespace AgentOperator.Protocol;

/// <summary>Reasoning that a model wrote at the beginning of its text, in tags. It is not part of the answer.</summary>
public static class ReasoningTags
{
    private static readonly string[] Tags = ["think", "thinking", "reasoning"];

    /// <summary>Where the answer starts: 0 without reasoning, the text's length when the reasoning does not end.</summary>
    public static int EndIn(string text)
    {
        var start = text.Length - text.AsSpan().TrimStart().Length;
        foreach (var tag in Tags)
        {
            if (text.AsSpan(start).StartsWith($"<{tag}>", StringComparison.Ordinal))
            {
                var close = $"</{tag}>";
                var end = text.IndexOf(close, start, StringComparison.Ordinal);
                return end < 0 ? text.Length : end + close.Length;
            }
        }

        return 0;
    }
}
