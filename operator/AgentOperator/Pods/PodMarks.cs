using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>
/// The labels and the owner reference of an attempt's pod. Without the labels the pod is not watched; without the owner it outlives its run. They
/// prove nothing: which pod is an attempt is in the journal.
/// </summary>
internal static class PodMarks
{
    /// <summary>Whether the pod has the owner and every label that the operator gave it.</summary>
    public static bool AreWhole(V1Pod pod, AgentRun run, int attempt) =>
        OwnerReferences.IsControlledBy(pod, run.Metadata.Uid)
        && PodBuilder.LabelsOf(run, attempt).All(
            label => pod.Metadata.Labels is { } labels && labels.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <summary>The merge patch that gives them back to this pod and to no other of its name.</summary>
    public static object PatchOf(V1Pod pod, AgentRun run, int attempt) => new
    {
        metadata = new
        {
            uid = pod.Metadata.Uid,
            labels = PodBuilder.LabelsOf(run, attempt),
            ownerReferences = (V1OwnerReference[])[PodBuilder.Owner(run)],
        },
    };

    /// <summary>The pod as it is after that patch.</summary>
    public static V1Pod Restored(V1Pod pod, AgentRun run, int attempt) => pod with
    {
        Metadata = pod.Metadata with
        {
            Labels = PodBuilder.LabelsOf(run, attempt).Concat(pod.Metadata.Labels ?? new Dictionary<string, string>())
                .DistinctBy(label => label.Key).ToDictionary(),
            OwnerReferences = [PodBuilder.Owner(run)],
        },
    };
}
