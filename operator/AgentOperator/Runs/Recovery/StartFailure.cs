using AgentOperator.Api;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs.Recovery;

/// <summary>Finds pods that cannot start. The kubelet would retry forever.</summary>
internal static class StartFailure
{
    /// <summary>How long a pod may fail to start, to give registries and nodes time to recover.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>
    /// When the pod counts as failed unless it recovers; null if it is only waiting. Considers the agent's container and init containers. Only a
    /// sidecar that starts before the agent can be in a crash loop, because other containers are never restarted.
    /// </summary>
    public static DateTimeOffset? FailsAt(V1Pod pod) => PodFacts.Waiting(pod)?.Reason switch
    {
        "InvalidImageName" or "ErrImageNeverPull" => DateTimeOffset.MinValue,
        "ImagePullBackOff" or "ErrImagePull" or "ImageInspectError" or "RegistryUnavailable"
            or "CreateContainerConfigError" or "CreateContainerError" or "RunContainerError" or "CrashLoopBackOff" =>
            PodFacts.CreatedAt(pod) + Patience,
        _ => null,
    };

    public static AttemptEnd? Find(V1Pod pod, RunSnapshot snapshot) =>
        FailsAt(pod) <= snapshot.Now
            ? new AttemptEnd(Outcomes.StartFailed, snapshot.Now) { Reason = PodFacts.Waiting(pod)!.Reason, Message = PodFacts.PendingMessage(pod) }
            : null;
}
