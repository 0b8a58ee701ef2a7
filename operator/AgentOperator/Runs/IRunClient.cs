using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>Writes to runs themselves, other than their status.</summary>
internal interface IRunClient
{
    /// <summary>Deletes a run if it still has its UID; what it owns follows in the background. One that is gone is left alone.</summary>
    Task DeleteAsync(AgentRun run, CancellationToken cancellationToken);
}
