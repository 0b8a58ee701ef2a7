using AgentOperator.Chaos.Oracles;

namespace AgentOperator.Chaos.RealCluster.Judging;

/// <summary>An invariant that was seen broken on the cluster.</summary>
/// <param name="Kind">Which number of the last line it adds to.</param>
/// <param name="Subject">The run or the object.</param>
/// <param name="Text">What was seen.</param>
internal sealed record ClusterFinding(FindingKind Kind, string Subject, string Text);
