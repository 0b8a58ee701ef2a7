using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Decides which of a run's pods to delete.</summary>
internal static class PodCleanup
{
    /// <summary>Number of ended pods to keep, so that <c>kubectl logs</c> works for the last attempts.</summary>
    public const int KeptPods = 3;

    /// <summary>
    /// Deletes every running pod except one, pods that only a sidecar keeps running, and ended pods beyond the newest <see cref="KeptPods"/>.
    /// </summary>
    /// <param name="snapshot">The run.</param>
    /// <param name="keep">The current attempt's pod; null to keep none.</param>
    public static IReadOnlyList<RunAction> Of(RunSnapshot snapshot, V1Pod? keep)
    {
        var others = snapshot.Pods.Where(pod => pod.Metadata.Uid != keep?.Metadata.Uid && !PodFacts.IsDeleting(pod)).ToList();
        var living = others.Where(pod => !PodFacts.HasEnded(pod))
            .Select(pod => new RunAction.DeletePod(pod, "it is not the pod of the current attempt"));
        var held = others.Where(PodFacts.IsHeldOpen)
            .Select(pod => new RunAction.DeletePod(pod, "its agent has ended, but another container in it still runs"));
        var old = others.Where(pod => PodFacts.HasEnded(pod) && !PodFacts.IsHeldOpen(pod))
            .OrderByDescending(AttemptLog.AttemptOf)
            .Skip(KeptPods)
            .Select(pod => new RunAction.DeletePod(pod, "newer attempts' pods are kept for their logs"));
        return [.. living, .. held, .. old];
    }

    /// <summary>A pod that may still be running and is not the one to keep; null if there is none.</summary>
    public static V1Pod? Lingering(RunSnapshot snapshot, V1Pod? keep) =>
        snapshot.Pods.FirstOrDefault(pod => pod.Metadata.Uid != keep?.Metadata.Uid && PodFacts.IsAlive(pod, snapshot.Now));
}
