using AgentOperator.Chaos.Engine;

namespace AgentOperator.Chaos.RealCluster.Plan;

/// <summary>An endless plan of strikes: the same one from the same seed.</summary>
internal static class StrikePlan
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>In a hundred. What strikes every run at once is rare, or nothing would ever be at work.</summary>
    private static readonly IReadOnlyList<(StrikeKind Kind, int Weight)> Weights =
    [
        (StrikeKind.KillRunner, 18),
        (StrikeKind.FreezeRunner, 10),
        (StrikeKind.DeletePod, 10),
        (StrikeKind.ForceDeletePod, 10),
        (StrikeKind.FillMemory, 8),
        (StrikeKind.FillDisk, 5),
        (StrikeKind.CutNetwork, 10),
        (StrikeKind.CutProvider, 2),
        (StrikeKind.RefuseKey, 2),
        (StrikeKind.KillOperator, 8),
        (StrikeKind.DeleteLeader, 4),
        (StrikeKind.KillApiServer, 5),
        (StrikeKind.KillContainerd, 4),
        (StrikeKind.StopKubelet, 2),
        (StrikeKind.FreezeKubelet, 2),
    ];

    private static readonly IReadOnlyList<StrikeKind> Hundred = [.. Weights.SelectMany(pair => Enumerable.Repeat(pair.Kind, pair.Weight))];

    /// <summary>The strikes, one after the other, without end.</summary>
    public static IEnumerable<Strike> Of(ulong seed)
    {
        var random = new SimulationRandom(seed);
        for (var number = 1; ; number++)
        {
            var kind = random.Pick(Hundred);
            var (shortest, longest) = Bounds(kind);
            yield return new Strike(
                number, kind, random.Time(TimeSpan.FromMilliseconds(200), LongestPause), random.Time(shortest, longest), random.Next(int.MaxValue));
        }
    }

    private static (TimeSpan Shortest, TimeSpan Longest) Bounds(StrikeKind kind) => kind switch
    {
        // Agents have 30 s to stop: so some wake up within that time and some are killed frozen.
        StrikeKind.FreezeRunner => (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(35)),
        StrikeKind.CutNetwork => (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60)),
        StrikeKind.CutProvider or StrikeKind.RefuseKey => (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(75)),
        StrikeKind.KillApiServer or StrikeKind.KillContainerd => (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(12)),

        // A node counts as lost after 40 s.
        StrikeKind.StopKubelet or StrikeKind.FreezeKubelet => (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(70)),
        _ => (TimeSpan.Zero, TimeSpan.Zero),
    };
}
