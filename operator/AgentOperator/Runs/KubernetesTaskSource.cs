using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;

namespace AgentOperator.Runs;

/// <inheritdoc cref="ITaskSource"/>
internal sealed class KubernetesTaskSource(IKubernetes kubernetes) : ITaskSource
{
    public async Task<ResolvedTask> ResolveAsync(AgentRun run, CancellationToken cancellationToken)
    {
        if (run.Spec.Task is { } task)
        {
            return ResolvedTask.Found(task);
        }

        if (run.Spec.TaskFrom?.ConfigMapKeyRef is not { } reference)
        {
            return ResolvedTask.NotFound("The spec names no task.");
        }

        try
        {
            var map = await kubernetes.CoreV1.ReadNamespacedConfigMapAsync(reference.Name, run.Metadata.NamespaceProperty, cancellationToken: cancellationToken);
            return map.Data is { } data && data.TryGetValue(reference.Key, out var text) && text.Length > 0
                ? ResolvedTask.Found(text)
                : ResolvedTask.NotFound($"ConfigMap '{reference.Name}' has no text under the key '{reference.Key}'.");
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return ResolvedTask.NotFound($"There is no ConfigMap '{reference.Name}' in namespace '{run.Metadata.NamespaceProperty}'.");
        }
    }
}
