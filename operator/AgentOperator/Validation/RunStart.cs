using AgentOperator.Api;

namespace AgentOperator.Validation;

/// <summary>When a run started, which its deadline counts from.</summary>
internal static class RunStart
{
    /// <summary>What the status says, but no earlier than the run was created: whoever patched the status could end the run with that.</summary>
    public static DateTimeOffset? Of(AgentRun run) =>
        run.Status?.StartedAt is { } started && Times.Of(run.Metadata.CreationTimestamp) is { } created && started < created
            ? created
            : run.Status?.StartedAt;
}
