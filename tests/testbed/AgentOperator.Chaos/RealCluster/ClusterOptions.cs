namespace AgentOperator.Chaos.RealCluster;

/// <summary>What a run of the cluster layer is started with.</summary>
/// <param name="Kills">Strikes that have to hit before the runs may end in peace.</param>
/// <param name="RunsAtOnce">Agent runs that are kept working at a time.</param>
/// <param name="Seed">The agents and the plan of strikes follow from it; when a strike meets what, the machine decides.</param>
/// <param name="Keep">Folder for what there is to look at afterwards; null for a new one below the temporary folder.</param>
internal sealed record ClusterOptions(int Kills, int RunsAtOnce, ulong Seed, string? Keep);
