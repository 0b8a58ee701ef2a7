namespace AgentOperator.Chaos.Oracles;

/// <summary>An invariant that was seen broken.</summary>
internal sealed record Finding(FindingKind Kind, string Text);
