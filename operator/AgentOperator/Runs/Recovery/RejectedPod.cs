using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using k8s.Autorest;

namespace AgentOperator.Runs.Recovery;

/// <summary>What follows when the API server rejects a pod. It costs no failure, and is tried again for as long as it takes.</summary>
internal static class RejectedPod
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>The API server's own trouble is short, and so is a conflict over a quota that many pods use at once.</summary>
    private static readonly TimeSpan Brief = TimeSpan.FromSeconds(5);

    /// <summary>Pauses grow to a quarter of the time that the run has waited.</summary>
    private const int Share = 4;

    /// <summary>How long to wait before the pod is created again.</summary>
    public static TimeSpan Pause(RunSnapshot snapshot, HttpOperationException rejection)
    {
        var first = rejection.RetryAfter() ?? (rejection.IsTransient() || rejection.IsConflict() ? Brief : Usual);
        var waited = snapshot.Status.FindCondition(ConditionTypes.Running) is { Reason: Reasons.PodRejected or Reasons.MemoryCapReached } since
            ? snapshot.Now - since.LastTransitionTime
            : TimeSpan.Zero;
        var pause = waited / Share > first ? waited / Share : first;
        return pause < Longest ? pause : Longest;
    }

    /// <summary>Whether the pod was to have more memory than the last attempt, which was OOM-killed.</summary>
    public static bool AskedForMore(RunSnapshot snapshot, RunAction.CreatePod create) =>
        AttemptLog.Of(snapshot).Current is { Outcome: Outcomes.OutOfMemory, MemoryLimit: { } had }
        && MemoryQuantity.Bytes(create.MemoryLimit) > MemoryQuantity.Bytes(had);
}
