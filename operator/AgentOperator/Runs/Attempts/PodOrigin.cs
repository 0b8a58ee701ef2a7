using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// Tells which of a run's pods are attempts. A pod is one if the journal names its UID, or if this process created it. Labels and owner references
/// prove nothing: everyone who may create pods can write them.
/// </summary>
internal static class PodOrigin
{
    /// <summary>Whether the pod is the current attempt's, an earlier attempt's, or the one that this process just created.</summary>
    public static bool IsAttempt(RunSnapshot snapshot, V1Pod pod) =>
        pod.Metadata.Uid == snapshot.Head?.PodUid || pod.Metadata.Uid == snapshot.Created?.Uid || IsInStatus(snapshot, pod);

    /// <summary>A pod that is no attempt and has the name that the next attempt's pod needs; null if the name is free.</summary>
    public static V1Pod? HolderOfNextName(RunSnapshot snapshot, int current)
    {
        var name = PodNames.Of(snapshot.Run, current + 1);
        return snapshot.Pods.FirstOrDefault(pod => pod.Metadata.Name == name && !IsAttempt(snapshot, pod));
    }

    /// <summary>Whether the pod names an earlier run of the same name as its owner. This only words a message.</summary>
    public static bool IsOfFormerRun(RunSnapshot snapshot, V1Pod pod) =>
        pod.Metadata.Labels is { } labels && labels.TryGetValue(Labels.Run, out var name) && name == snapshot.Identity.Name
        && labels.TryGetValue(Labels.RunUid, out var uid) && uid != snapshot.Identity.Uid;

    /// <summary>
    /// Whether the status lists the pod as an attempt. The name must match the number, so that a status that somebody else wrote can at most make a
    /// pod an earlier attempt: one whose epoch has passed.
    /// </summary>
    private static bool IsInStatus(RunSnapshot snapshot, V1Pod pod) => snapshot.Status.Attempts?.Any(record =>
        record.PodUid == pod.Metadata.Uid && PodNames.Of(snapshot.Run, record.Number) == pod.Metadata.Name
        && record.Number <= (snapshot.Head?.Epoch ?? int.MaxValue)) == true;
}
