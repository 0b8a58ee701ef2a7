using System.Collections.Concurrent;
using AgentOperator.ProtocolConformance.Trials;

namespace AgentOperator.ProtocolConformance;

/// <summary>All trials.</summary>
internal static class Suite
{
    /// <summary>Trials mostly wait. More at a time make a small machine miss heartbeats.</summary>
    private const int AtATime = 3;

    public static IReadOnlyList<Trial> Trials { get; } =
    [
        new KilledAnywhere(), new Stops(), new ReachedLimits(), new KilledInFlight(), new BadNetwork(), new OtherWriters(), new Refusals(),
        new BrokenJournals(), new OddAnswers(), new WholeRun(), new ManyPages(), new Certificates(), new AllScripts(), new LargeOutputs(),
        new OddCalls(), new OtherTask(),
    ];

    /// <summary>Puts a runner through trials.</summary>
    /// <returns>The findings.</returns>
    public static async Task<IReadOnlyList<Finding>> JudgeAsync(RunnerUnderTest runner, IEnumerable<Trial> trials)
    {
        var findings = new ConcurrentBag<Finding>();
        await Parallel.ForEachAsync(trials, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (trial, _) =>
        {
            foreach (var finding in await trial.JudgeAsync(runner))
            {
                findings.Add(finding);
            }
        });
        return [.. findings];
    }
}
