using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Chaos.Judging;

/// <summary>A pod in the end, as the API server knows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID.</param>
/// <param name="RunUid">The run that it says it works for.</param>
/// <param name="IsAlive">Whether it has neither succeeded nor failed.</param>
internal sealed record LivePod(string Name, string Uid, string? RunUid, bool IsAlive)
{
    public static LivePod Of(V1Pod pod) => new(
        pod.Metadata.Name,
        pod.Metadata.Uid,
        pod.Metadata.Labels?.TryGetValue(Labels.RunUid, out var run) == true ? run : null,
        pod.Status.Phase is not ("Succeeded" or "Failed"));
}
