namespace AgentOperator.Testing;

/// <summary>What a terminal or a reader could take for something else than text. Written apart from the product, to hold it against.</summary>
internal static class TerminalControls
{
    /// <summary>The controls (C0 without tab and line feed, DEL, C1) and the controls of the writing direction in a text, as code points.</summary>
    public static IReadOnlyList<string> In(string? text) =>
        [.. (text ?? "").Where(IsOne).Select(unit => $"U+{(int)unit:X4}").Distinct()];

    private static bool IsOne(char unit) => (int)unit switch
    {
        0x09 or 0x0A => false,
        < 0x20 or (>= 0x7F and <= 0x9F) => true,
        (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) => true,
        _ => false,
    };
}
