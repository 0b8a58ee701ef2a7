using AgentOperator.Chaos.Judging;

namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>All that is left in the end.</summary>
/// <param name="Runs">The runs.</param>
/// <param name="Leftovers">What may be left of none of them.</param>
internal sealed record ClusterEvidence(IReadOnlyList<RunEvidence> Runs, Leftovers Leftovers);
