namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>Something that is allowed to happen, seen.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Where it was seen.</param>
internal sealed record AllowedException(ExceptionKind Kind, string Text);
