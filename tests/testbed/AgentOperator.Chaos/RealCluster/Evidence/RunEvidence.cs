using AgentOperator.Api;
using AgentOperator.Chaos.RealCluster.Plan;
using AgentOperator.Chaos.RealCluster.Programs;

namespace AgentOperator.Chaos.RealCluster.Evidence;

/// <summary>All that is known of one run in the end.</summary>
internal sealed record RunEvidence
{
    /// <summary>What it was to do.</summary>
    public required ClusterProgram Program { get; init; }

    /// <summary>The API server's object; null when there is none.</summary>
    public required AgentRun? Run { get; init; }

    /// <summary>Its journal, in order; empty when there is none.</summary>
    public required IReadOnlyList<CommittedRecord> Journal { get; init; }

    /// <summary>What is wrong with the journal's hash chain; null when nothing is.</summary>
    public string? BrokenJournal { get; init; }

    /// <summary>The model's own log of its calls, in order.</summary>
    public required IReadOnlyList<ModelCall> Calls { get; init; }

    /// <summary>The ledger's effects of it, in order.</summary>
    public required IReadOnlyList<ToolEffectEntry> Effects { get; init; }

    /// <summary>When operator replicas were killed.</summary>
    public required IReadOnlyList<StrikeRecord> OperatorStrikes { get; init; }
}
