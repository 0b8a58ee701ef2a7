using System.Globalization;

namespace AgentOperator.ProtocolConformance.Points;

/// <summary>What one check of a point came to.</summary>
/// <param name="Point">The point.</param>
/// <param name="Trial">The trial that checked it.</param>
/// <param name="Passed">Whether the runner did it.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Seen">What was seen.</param>
internal sealed record Finding(Point Point, string Trial, bool Passed, string Expected, string Seen)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        point {Point} ({Trial}): {Point.Rule}
          expected: {Expected}
          seen:     {Seen}
          see docs/protocol.md, "{Point.Section}"
        """);
}
