using AgentOperator.Protocol;

namespace AgentOperator.Chaos.RealCluster.Programs;

/// <summary>What one agent run prescribes, and by which it is judged.</summary>
internal sealed record ClusterProgram
{
    /// <summary>Name of the run.</summary>
    public required string Run { get; init; }

    /// <summary>What the run's shell does to the world.</summary>
    public required ToolEffect Effect { get; init; }

    /// <summary>The answers before the final one.</summary>
    public required IReadOnlyList<ProgramStep> Steps { get; init; }

    /// <summary>How long the model thinks before its final answer.</summary>
    public required TimeSpan FinalDelay { get; init; }

    /// <summary>Seconds without a heartbeat after which the operator replaces the agent's pod.</summary>
    public required int HeartbeatTimeoutSeconds { get; init; }

    /// <summary>The final answer.</summary>
    public string Result => $"{Run} is done. \U0001F389 \u05E9\u05DC\u05D5\u05DD \u65E5\u672C\u8A9E";

    /// <summary>Every call, in order.</summary>
    public IEnumerable<ProgramCall> Calls => Steps.SelectMany(step => step.Calls);

    /// <summary>Model answers, the final one included.</summary>
    public int Answers => Steps.Count + 1;
}
