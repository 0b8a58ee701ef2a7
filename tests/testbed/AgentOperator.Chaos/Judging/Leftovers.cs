namespace AgentOperator.Chaos.Judging;

/// <summary>The things that belong to runs.</summary>
/// <param name="Pods">The pods.</param>
/// <param name="Segments">The journal's segments: name and UID of the run that each belongs to.</param>
/// <param name="Agents">The agents' processes that live: a text for each that has its pod's UID in it, such as its control group.</param>
internal sealed record Leftovers(IReadOnlyList<LivePod> Pods, IReadOnlyList<(string Name, string RunUid)> Segments, IReadOnlyList<string> Agents);
