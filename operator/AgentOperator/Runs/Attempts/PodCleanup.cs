using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>Decides which of a run's pods to delete.</summary>
internal static class PodCleanup
{
    /// <summary>Number of ended pods to keep, so that <c>kubectl logs</c> works for the last attempts.</summary>
    public const int KeptPods = 3;

    /// <summary>The grace period of a pod that is no attempt. It has no work to save.</summary>
    private const int ForeignGraceSeconds = 1;

    /// <summary>A deletion of such a pod that would take longer is shortened.</summary>
    private static readonly TimeSpan LongestForeignGrace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Deletes every running pod except one, pods that only a sidecar keeps running, ended pods beyond the newest <see cref="KeptPods"/>, and every
    /// pod that is no attempt of the run.
    /// </summary>
    /// <param name="snapshot">The run.</param>
    /// <param name="keep">The current attempt's pod; null to keep none.</param>
    public static IReadOnlyList<RunAction> Of(RunSnapshot snapshot, V1Pod? keep)
    {
        var others = snapshot.Pods.Where(pod => pod.Metadata.Uid != keep?.Metadata.Uid).ToLookup(pod => PodOrigin.IsAttempt(snapshot, pod));
        return
        [
            .. OfAttempts(others[true]),
            .. others[false].Where(pod => NeedsDeletion(snapshot, pod)).Select(pod => Foreign(snapshot, pod)),
        ];
    }

    /// <summary>As <see cref="Of"/>, for a run that has ended: its journal is not read any more, so all its pods are taken for attempts.</summary>
    public static IReadOnlyList<RunAction> OfEnded(RunSnapshot snapshot) => [.. OfAttempts(snapshot.Pods)];

    /// <summary>An attempt's pod that may still be running and is not the one to keep; null if there is none.</summary>
    public static V1Pod? Lingering(RunSnapshot snapshot, V1Pod? keep) => snapshot.Pods.FirstOrDefault(pod =>
        pod.Metadata.Uid != keep?.Metadata.Uid && PodOrigin.IsAttempt(snapshot, pod) && PodFacts.IsAlive(pod, snapshot.Now));

    private static IEnumerable<RunAction> OfAttempts(IEnumerable<V1Pod> pods)
    {
        var attempts = pods.Where(pod => !PodFacts.IsDeleting(pod)).ToList();
        var living = attempts.Where(pod => !PodFacts.HasEnded(pod))
            .Select(pod => new RunAction.DeletePod(pod, "it is not the pod of the current attempt"));
        var held = attempts.Where(PodFacts.IsHeldOpen)
            .Select(pod => new RunAction.DeletePod(pod, "its agent has ended, but another container in it still runs"));
        var old = attempts.Where(pod => PodFacts.HasEnded(pod) && !PodFacts.IsHeldOpen(pod))
            .OrderByDescending(pod => pod.Metadata.CreationTimestamp)
            .Skip(KeptPods)
            .Select(pod => new RunAction.DeletePod(pod, "newer attempts' pods are kept for their logs"));
        return living.Concat(held).Concat(old);
    }

    private static bool NeedsDeletion(RunSnapshot snapshot, V1Pod pod) =>
        Times.Of(pod.Metadata.DeletionTimestamp) is not { } due || due > snapshot.Now + LongestForeignGrace || PodFacts.IsOverdue(pod, snapshot.Now);

    /// <summary>An overdue pod is on a node that does not answer. Removing only its object frees its name, and the pod can do nothing.</summary>
    private static RunAction.DeletePod Foreign(RunSnapshot snapshot, V1Pod pod) => new(pod, "the operator has no record of creating it for this run")
    {
        IsForeign = true, GraceSeconds = PodFacts.IsDeleting(pod) && PodFacts.IsOverdue(pod, snapshot.Now) ? 0 : ForeignGraceSeconds,
    };
}
