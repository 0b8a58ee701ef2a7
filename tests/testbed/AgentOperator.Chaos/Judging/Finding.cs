namespace AgentOperator.Chaos.Judging;

/// <summary>An invariant that was seen broken.</summary>
/// <param name="Kind">Which number of the last line it adds to.</param>
/// <param name="Subject">The run or the object.</param>
/// <param name="Text">What was seen.</param>
internal sealed record Finding(FindingKind Kind, string Subject, string Text)
{
    public override string ToString() => $"{Kind}: {Subject}: {Text}";
}
