using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Pods;

/// <inheritdoc cref="IPodClient"/>
internal sealed class KubernetesPodClient(IKubernetes kubernetes) : IPodClient
{
    public async Task<V1Pod?> GetAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await kubernetes.CoreV1.ReadNamespacedPodAsync(key.Name, key.Namespace, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return null;
        }
    }

    public Task<V1Pod> CreateAsync(V1Pod pod, CancellationToken cancellationToken) =>
        kubernetes.CoreV1.CreateNamespacedPodAsync(pod, pod.Metadata.NamespaceProperty, cancellationToken: cancellationToken);

    public async Task DeleteAsync(ObjectKey key, string uid, CancellationToken cancellationToken)
    {
        try
        {
            var options = new V1DeleteOptions { Preconditions = new V1Preconditions { Uid = uid } };
            await kubernetes.CoreV1.DeleteNamespacedPodAsync(key.Name, key.Namespace, options, cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound() || exception.IsConflict())
        {
            // Gone already, or the name is another pod's now.
        }
    }
}
