using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Identity;
using AgentOperator.Runs;

namespace AgentOperator.Chaos.Operators;

internal sealed class SimulatedRunClient(ApiConnection api) : IRunClient, IRunReader, ITaskSource
{
    public Task DeleteAsync(AgentRun run, CancellationToken cancellationToken) =>
        api.WriteAsync($"delete run {run.Metadata.Name}", () => api.Server.DeleteRun(ObjectKey.Of(run), run.Metadata.Uid), cancellationToken);

    public Task<AgentRun?> ReadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        api.ReadAsync($"get run {key.Name}", () => api.Server.Runs.Get(key), cancellationToken);

    public Task<ResolvedTask> ResolveAsync(AgentRun run, CancellationToken cancellationToken) => Task.FromResult(ResolvedTask.Found(run.Spec.Task!));
}
