using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Gateway.Identity;

/// <summary>Reads a run from the API server, for when the cache does not have it yet.</summary>
internal interface IRunReader
{
    /// <summary>The run, or null when there is none.</summary>
    Task<AgentRun?> ReadAsync(ObjectKey key, CancellationToken cancellationToken);
}
