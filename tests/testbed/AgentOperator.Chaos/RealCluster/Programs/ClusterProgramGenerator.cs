using System.Globalization;
using AgentOperator.Chaos.Engine;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.RealCluster.Programs;

/// <summary>Makes up agents: the same ones from the same seed.</summary>
internal sealed class ClusterProgramGenerator(ulong seed)
{
    // Long enough that most strikes meet an agent in the middle of something, short enough that 200 kills strike some hundred runs.
    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(8);

    /// <summary>The program of a number, from 1.</summary>
    public ClusterProgram Generate(int number)
    {
        // Of its own for each number, so that no program depends on how many were asked for before.
        var random = new SimulationRandom(seed ^ ((ulong)number * 0xD1B54A32D192ED03));
        var steps = Enumerable.Range(0, random.Between(4, 12)).Select(step => Step(random, step)).ToList();
        return new ClusterProgram
        {
            Run = string.Create(CultureInfo.InvariantCulture, $"r{number:0000}"),
            Effect = random.Pick([ToolEffect.Pure, ToolEffect.Keyed, ToolEffect.Irreversible, ToolEffect.Irreversible]),
            Steps = steps,
            FinalDelay = Delay(random),
            HeartbeatTimeoutSeconds = random.Between(20, 40),
        };
    }

    private static ProgramStep Step(SimulationRandom random, int step)
    {
        var calls = Enumerable.Range(0, random.Chance(0.25) ? random.Between(2, 3) : 1)
            .Select(index => new ProgramCall(step, index, Whole(random.Time(TimeSpan.FromMilliseconds(100), LongestWork))))
            .ToList();
        return new ProgramStep(Delay(random), calls, random.Chance(0.05) ? random.Pick(Enum.GetValues<ProviderFault>()) : null);
    }

    private static TimeSpan Delay(SimulationRandom random) =>
        random.Chance(0.6) ? Whole(random.Time(TimeSpan.FromMilliseconds(200), LongestDelay)) : TimeSpan.Zero;

    private static TimeSpan Whole(TimeSpan time) => TimeSpan.FromMilliseconds((int)time.TotalMilliseconds);
}
