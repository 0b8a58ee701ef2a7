using AgentOperator.Chaos.RealCluster.Judging;

namespace AgentOperator.Chaos.RealCluster;

/// <summary>What came of the cluster layer.</summary>
/// <param name="Kills">Strikes that hit.</param>
/// <param name="Runs">Runs that there were.</param>
/// <param name="Verdict">What was found; null when it was interrupted before it was judged.</param>
internal sealed record ClusterResult(int Kills, int Runs, Verdict? Verdict);
