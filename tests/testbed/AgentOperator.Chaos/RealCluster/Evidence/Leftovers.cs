namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>The things that belong to runs.</summary>
/// <param name="Pods">The pods.</param>
/// <param name="Segments">The journal's segments: name and UID of the run that each belongs to.</param>
/// <param name="Agents">The control groups of the agents' processes that live on the machine.</param>
internal sealed record Leftovers(IReadOnlyList<LivePod> Pods, IReadOnlyList<(string Name, string RunUid)> Segments, IReadOnlyList<string> Agents);
