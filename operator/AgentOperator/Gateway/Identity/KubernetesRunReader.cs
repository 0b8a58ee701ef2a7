using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;

namespace AgentOperator.Gateway.Identity;

/// <summary>Reads a run from the API server.</summary>
internal sealed class KubernetesRunReader(IKubernetes kubernetes) : IRunReader
{
    public async Task<AgentRun?> ReadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await kubernetes.CustomObjects.GetNamespacedCustomObjectAsync<AgentRun>(
                ApiConstants.Group, ApiConstants.Version, key.Namespace, ApiConstants.AgentRunPlural, key.Name, cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return null;
        }
    }
}
