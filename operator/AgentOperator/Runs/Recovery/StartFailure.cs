using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using AgentOperator.Validation;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// Finds pods that cannot start. The kubelet would retry on the same node forever; a new pod may get another node. A pod without a node is left to
/// the scheduler.
/// </summary>
internal static class StartFailure
{
    /// <summary>Why the pod cannot start, in the cluster's words; null if it is only starting.</summary>
    public static Blocker? BlockerOf(V1Pod pod) =>
        PodFacts.IsUnscheduled(pod) ? new Blocker(Reasons.Unschedulable, PodFacts.PendingMessage(pod))
        : PodFacts.StartProblem(pod) is { } problem ? new Blocker(ReasonOf(problem.Reason), PodFacts.PendingMessage(pod))
        : null;

    /// <summary>
    /// When the pod counts as failed unless it recovers; null if it is only waiting. Considers the agent's container and init containers. Only a
    /// sidecar that starts before the agent can be in a crash loop, because other containers are never restarted.
    /// </summary>
    public static DateTimeOffset? FailsAt(V1Pod pod, RecoverySpec spec) =>
        PodFacts.IsUnscheduled(pod) ? null
        : PodFacts.StartProblem(pod)?.Reason is "InvalidImageName" or "ErrImageNeverPull" ? DateTimeOffset.MinValue
        : PodFacts.StartProblem(pod) is not null || PodFacts.HasNoSandbox(pod)
            ? PodFacts.PlacedAt(pod) + TimeSpan.FromSeconds(spec.StartTimeoutSeconds)
        : null;

    /// <summary>The end of an attempt whose pod could not start in time; null if it still may.</summary>
    public static AttemptEnd? Find(V1Pod pod, RunSnapshot snapshot) =>
        FailsAt(pod, snapshot.Spec.Recovery) <= snapshot.Now
            ? new AttemptEnd(Outcomes.StartFailed, snapshot.Now)
            {
                Reason = PodFacts.StartProblem(pod)?.Reason,
                Message = PodFacts.StartProblem(pod) is null ? NoSandbox(pod, snapshot.Spec.Recovery) : PodFacts.PendingMessage(pod),
            }
            : null;

    /// <summary>The run's reason for the kubelet's, or the container runtime's.</summary>
    public static string ReasonOf(string? kubelets) => kubelets switch
    {
        "ErrImagePull" or "ImagePullBackOff" or "InvalidImageName" or "ErrImageNeverPull" or "ImageInspectError" or "RegistryUnavailable"
            or "SignatureValidationFailed" => Reasons.ImagePullFailed,
        _ => Reasons.PodCannotStart,
    };

    private static string NoSandbox(V1Pod pod, RecoverySpec spec) => string.Create(
        CultureInfo.InvariantCulture,
        $"Pod {pod.Metadata.Name} had no volumes or no network on node {pod.Spec.NodeName} for {spec.StartTimeoutSeconds} s. Its events say why: "
            + $"kubectl get events --field-selector involvedObject.name={pod.Metadata.Name}.");
}
