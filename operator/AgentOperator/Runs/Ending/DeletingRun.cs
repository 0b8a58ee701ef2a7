using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;

namespace AgentOperator.Runs.Ending;

/// <summary>
/// Stops the pods of a run that is being deleted. Kubernetes does so itself only once the run is gone, and a finalizer may keep it. No attempt
/// starts. The journal stays for as long as the run does.
/// </summary>
internal static class DeletingRun
{
    /// <summary>Finalizers of the garbage collector. It removes them.</summary>
    private static readonly string[] OfKubernetes = ["foregroundDeletion", "orphan"];

    public static bool Applies(RunSnapshot snapshot) =>
        snapshot.Run.Metadata.DeletionTimestamp is not null && !Phases.IsTerminal(snapshot.Status.Phase);

    public static RunPlan Plan(RunSnapshot snapshot)
    {
        var alive = snapshot.Pods.Where(pod => PodFacts.IsAlive(pod, snapshot.Now)).ToList();
        var status = snapshot.Status;
        var set = new ConditionSet(
            status.Conditions?.Select(condition => condition.ToStandard()), snapshot.Run.Metadata.Generation, snapshot.Now);
        set.Keep(ConditionTypes.Accepted);
        var message = Message(snapshot.Run.Metadata.Finalizers, alive.FirstOrDefault());
        set.Set(ConditionTypes.Running, alive.Count > 0, Reasons.Deleting, message);
        set.Set(ConditionTypes.Finished, false, Reasons.InProgress, "The run has not ended.");
        set.Keep(ConditionTypes.ToolsReady);
        return new RunPlan(
            [.. alive.Where(pod => !PodFacts.IsDeleting(pod)).Select(pod => new RunAction.DeletePod(pod, "the run is being deleted"))],
            status with
            {
                Phase = status.Attempt is null ? Phases.Pending : alive.Count > 0 ? status.Phase : Phases.Waiting,
                ObservedGeneration = snapshot.Run.Metadata.Generation,
                Conditions = [.. set.Conditions.Select(Condition.Of)],
                WaitingFor = alive.Count > 0 ? null : message,
                NextAttemptAt = null,
            },
            alive.Select(PodFacts.OverdueAt).Min());
    }

    private static string Message(IList<string>? finalizers, k8s.Models.V1Pod? alive)
    {
        var holders = (finalizers ?? []).Except(OfKubernetes).ToList();
        return "The run is being deleted."
            + (alive is null ? "" : $" Pod {alive.Metadata.Name} is stopping.")
            + (holders.Count switch
            {
                0 => "",
                1 => $" Its finalizer {holders[0]} must be removed first.",
                _ => $" Its finalizers {string.Join(", ", holders)} must be removed first.",
            });
    }
}
