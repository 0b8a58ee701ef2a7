namespace AgentOperator.ProtocolConformance.Points;

/// <summary>One thing that the protocol asks of a runner and that can be seen from outside.</summary>
/// <param name="Number">Its number, which never changes.</param>
/// <param name="Name">Its short name.</param>
/// <param name="Rule">What a runner must do.</param>
/// <param name="Section">The section of docs/protocol.md that says so.</param>
internal sealed record Point(int Number, string Name, string Rule, string Section)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Number:00} {Name}";
}
