using AgentOperator.Api;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Waiting;

/// <summary>Waits until the text of the task can be read.</summary>
internal sealed class TaskGate : IGate
{
    /// <summary>How often to look for the ConfigMap. ConfigMaps are not watched.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    public string PhaseOf(AttemptLog attempts) => Phases.Waiting;

    public Blocker? Find(RunSnapshot snapshot, AttemptLog attempts) =>
        snapshot.Head is null && snapshot.Task.Blocker is { } blocker ? blocker with { RetryAt = snapshot.Now + Retry } : null;
}
