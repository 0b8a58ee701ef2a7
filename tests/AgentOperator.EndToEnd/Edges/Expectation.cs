namespace AgentOperator.EndToEnd.Edges;

/// <summary>What is to become of an object. The words are those of <c>tests/manifests/README.md</c>.</summary>
internal abstract record Expectation
{
    /// <summary>Reads an expectation.</summary>
    /// <exception cref="FormatException">There is no such expectation.</exception>
    public static Expectation Parse(string words)
    {
        var (verb, rest) = Split(words);
        return verb switch
        {
            "refused" => new Refused(rest),
            "invalid" => new Invalid(rest),
            "condition" => ParseCondition(rest),
            "phase" => new InPhase(rest),
            "gone" => new Gone(),
            "kept" => new Kept(),
            _ => throw new FormatException($"'{words}' is no expectation."),
        };
    }

    /// <summary>Whether it stays so until somebody changes something.</summary>
    public virtual bool IsLasting => false;

    /// <summary>Whether it is so.</summary>
    public abstract bool IsMet(Observed seen);

    private static Held ParseCondition(string words)
    {
        var (condition, rest) = Split(words);
        var (reason, text) = Split(rest);
        return condition.Split('=') is [var type, var status]
            ? new Held(type, status, reason, text)
            : throw new FormatException($"'{condition}' is not TYPE=STATUS.");
    }

    private static (string Word, string Others) Split(string words) => words.Split(' ', 2) is [var first, var rest] ? (first, rest) : (words, "");

    private sealed record Refused(string Text) : Expectation
    {
        public override bool IsMet(Observed seen) => seen.Refusal?.Contains(Text, StringComparison.Ordinal) == true;
    }

    private sealed record Invalid(string Text) : Expectation
    {
        public override bool IsMet(Observed seen) => seen.Refusal?.Contains(Text, StringComparison.Ordinal)
            ?? seen.Conditions.Any(condition => condition.Status == "False" && condition.Message.Contains(Text, StringComparison.Ordinal));
    }

    private sealed record Held(string Type, string Status, string Reason, string Text) : Expectation
    {
        public override bool IsMet(Observed seen) => seen.Conditions.Any(condition =>
            condition.Type == Type && condition.Status == Status && (Reason.Length == 0 || condition.Reason == Reason)
            && condition.Message.Contains(Text, StringComparison.Ordinal));
    }

    private sealed record InPhase(string Phase) : Expectation
    {
        public override bool IsLasting => true;

        public override bool IsMet(Observed seen) => seen.Phase == Phase;
    }

    private sealed record Gone : Expectation
    {
        public override bool IsMet(Observed seen) => seen is { Refusal: null, Object: null };
    }

    private sealed record Kept : Expectation
    {
        public override bool IsLasting => true;

        public override bool IsMet(Observed seen) =>
            seen.Object is { } kept && !kept.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _);
    }
}
