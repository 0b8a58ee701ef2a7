using System.Text;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Finds what an agent is to do: in the run's spec, or in the ConfigMap that the spec names.</summary>
internal sealed class TaskResolver(IObjectClient<V1ConfigMap> configMaps)
{
    public async Task<ResolvedTask> ResolveAsync(AgentRun run, CancellationToken cancellationToken)
    {
        if (run.Spec.Task is { } task)
        {
            return ResolvedTask.Found(task);
        }

        if (run.Spec.TaskFrom?.ConfigMapKeyRef is not { } reference)
        {
            return ResolvedTask.NotFound("The spec has no task.");
        }

        var space = run.Metadata.NamespaceProperty;
        if (await configMaps.GetAsync(new ObjectKey(space, reference.Name), cancellationToken) is not { } map)
        {
            return ResolvedTask.NotFound($"ConfigMap '{reference.Name}' not found in namespace '{space}'.");
        }

        if (map.Data?.TryGetValue(reference.Key, out var text) is not true || string.IsNullOrWhiteSpace(text))
        {
            return ResolvedTask.NotFound($"ConfigMap '{reference.Name}' has no text at key '{reference.Key}'.");
        }

        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= ResolvedTask.MaxBytes ? ResolvedTask.Found(text) : ResolvedTask.TooLarge("spec.taskFrom.configMapKeyRef", bytes);
    }
}
