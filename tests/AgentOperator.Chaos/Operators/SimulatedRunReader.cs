using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;

namespace AgentOperator.Chaos.Operators;

internal sealed class SimulatedRunReader(IObjectClient<AgentRun> runs) : IRunReader
{
    public Task<AgentRun?> ReadAsync(ObjectKey key, CancellationToken cancellationToken) => runs.GetAsync(key, cancellationToken);
}
