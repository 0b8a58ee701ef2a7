using AgentOperator.Chaos.Judging;

namespace AgentOperator.Chaos;

/// <summary>What came of one seed.</summary>
internal sealed record SimulationResult(
    ulong Seed, IReadOnlyList<Finding> Findings, ulong TraceHash, long Events, int Kills, int Runs, int Pods, TimeSpan VirtualTime)
{
    /// <summary>How often a conversation was shortened because the model refused it.</summary>
    public required int Shortened { get; init; }
}
