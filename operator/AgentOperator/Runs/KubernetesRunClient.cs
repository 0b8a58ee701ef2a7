using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace AgentOperator.Runs;

/// <inheritdoc cref="IRunClient"/>
internal sealed class KubernetesRunClient(IKubernetes kubernetes) : IRunClient
{
    public async Task DeleteAsync(AgentRun run, CancellationToken cancellationToken)
    {
        try
        {
            await kubernetes.CustomObjects.DeleteNamespacedCustomObjectAsync(
                ApiConstants.Group,
                ApiConstants.Version,
                run.Metadata.NamespaceProperty,
                ApiConstants.AgentRunPlural,
                run.Metadata.Name,
                new V1DeleteOptions { PropagationPolicy = "Background", Preconditions = new V1Preconditions { Uid = run.Metadata.Uid } },
                cancellationToken: cancellationToken);
        }
        catch (HttpOperationException exception) when (exception.IsNotFound() || exception.IsConflict())
        {
            // Gone already, or the name is another run's now.
        }
    }
}
