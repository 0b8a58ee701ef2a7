using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Chaos.Operators;

internal sealed class SimulatedPodClient(ApiConnection api) : IPodClient
{
    public Task<V1Pod?> GetAsync(ObjectKey key, CancellationToken cancellationToken) =>
        api.ReadAsync($"get pod {key.Name}", () => api.Server.Pods.Get(key), cancellationToken);

    public Task<V1Pod> CreateAsync(V1Pod pod, CancellationToken cancellationToken) =>
        api.WriteAsync($"create pod {pod.Metadata.Name}", () => api.Server.CreatePod(pod), cancellationToken);

    public Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancellationToken) =>
        api.WriteAsync($"delete pod {key.Name}", () => api.Server.DeletePod(key, uid), cancellationToken);
}
