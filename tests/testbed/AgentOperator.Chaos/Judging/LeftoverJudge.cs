namespace AgentOperator.Chaos.Judging;

/// <summary>I5 and I11: nothing is left of a run that has ended, or of one that is gone. Pure.</summary>
internal static class LeftoverJudge
{
    /// <summary>Finds what belongs to no living run.</summary>
    /// <param name="leftovers">What there is.</param>
    /// <param name="runs">UIDs of the runs that there are.</param>
    /// <param name="working">UIDs of those that have not ended.</param>
    public static IReadOnlyList<Finding> Judge(Leftovers leftovers, IReadOnlySet<string> runs, IReadOnlySet<string> working)
    {
        var found = new List<Finding>();
        foreach (var pod in leftovers.Pods)
        {
            if (pod.RunUid is not { } run || !runs.Contains(run))
            {
                found.Add(new Finding(FindingKind.Orphan, pod.Name, "the pod's run is not there any more"));
            }
            else if (pod.IsAlive && !working.Contains(run))
            {
                found.Add(new Finding(FindingKind.Orphan, pod.Name, "the pod is alive after its run's end"));
            }
        }

        found.AddRange(leftovers.Segments
            .Where(segment => !runs.Contains(segment.RunUid))
            .Select(segment => new Finding(FindingKind.Orphan, segment.Name, "the segment's run is not there any more")));

        // Found by pods that may work: anything else that lives is nobody's.
        var owners = leftovers.Pods.Where(pod => pod is { IsAlive: true, RunUid: { } run } && working.Contains(run)).Select(pod => pod.Uid).ToList();
        found.AddRange(leftovers.Agents
            .Where(group => !owners.Any(uid => group.Contains(uid, StringComparison.Ordinal)))
            .Select(group => new Finding(FindingKind.Orphan, group.Split('\n')[0], "an agent's process lives that no working run's pod has")));
        return found;
    }
}
