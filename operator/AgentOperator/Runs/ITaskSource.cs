using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>Finds what an agent is to do.</summary>
internal interface ITaskSource
{
    /// <summary>The task of a run, from its spec or from the ConfigMap that the spec names.</summary>
    Task<ResolvedTask> ResolveAsync(AgentRun run, CancellationToken cancellationToken);
}
