using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Status;

/// <summary>Compares the statuses of runs: checkpoint, progress and usage say only how far the agent is.</summary>
internal static class StatusComparer
{
    private static readonly StatusComparer<AgentRunStatus> Comparer = new(
        ApiJson.TypeInfo<AgentRunStatus>(), status => status with { Checkpoint = null, Progress = null, Usage = null });

    public static StatusChange Compare(AgentRunStatus? current, AgentRunStatus desired) => Comparer.Compare(current, desired);
}
