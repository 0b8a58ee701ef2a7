using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Status;

/// <summary>The statuses of runs that this process wrote last, and those that the server refused for their texts.</summary>
internal sealed class StatusMemory() : StatusMemory<AgentRun, AgentRunStatus>(run => run.Status, PlainStatus.HaveSameTexts)
{
    /// <summary>Whether the newest known status has the attempts and the ends that this process wrote.</summary>
    public bool IsOwn(AgentRun cached) => LastWritten(cached) is { } written && Ends(written).SequenceEqual(Ends(Newest(cached)));

    private static IEnumerable<(int Number, string? Outcome)> Ends(AgentRunStatus? status) =>
        (status?.Attempts ?? []).Select(attempt => (attempt.Number, attempt.Outcome));
}
