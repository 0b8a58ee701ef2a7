using AgentOperator.Api;
using AgentOperator.Pods;
using k8s.Models;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// Overrules an attempt's end in the status if another process, or a user, wrote it and the attempt's pod is at work. So nobody ends a healthy
/// attempt by a patch of the status. An end that this process wrote always holds.
/// </summary>
internal static class ForgedEnd
{
    /// <summary>The attempt as it is: open if its end is overruled.</summary>
    public static AttemptStatus Review(RunSnapshot snapshot, AttemptStatus current, V1Pod pod) =>
        current.Outcome is not null && snapshot.IsStatusOfOthers && IsAtWork(snapshot, pod)
            ? current with { Outcome = null, FinishedAt = null, ExitCode = null, Reason = null, Message = null, ToSequence = null }
            : current;

    /// <summary>Whether the status says that the attempt has ended. If the attempt is open all the same, its pod says otherwise.</summary>
    public static bool HasRecordedEnd(RunSnapshot snapshot, int attempt) =>
        snapshot.Status.Attempts?.Any(record => record.Number == attempt && record.Outcome is not null) == true;

    private static bool IsAtWork(RunSnapshot snapshot, V1Pod pod)
    {
        var silent = snapshot.Now.AddSeconds(-snapshot.Spec.Recovery.HeartbeatTimeoutSeconds);
        return PodFacts.RunningSince(pod) is { } since && !PodFacts.IsDeleting(pod) && !PodFacts.HasEnded(pod) && !PodFacts.IsNodeUnreachable(pod)
            && (since > silent || PodFacts.Heartbeat(pod) > silent);
    }
}
