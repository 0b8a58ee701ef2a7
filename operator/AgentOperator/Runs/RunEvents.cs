using System.Globalization;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Pods;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Waiting;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Emits Kubernetes Events for the differences between two statuses of a run.</summary>
internal sealed class RunEvents(IEventRecorder recorder)
{
    private const string Normal = "Normal";
    private const string Warning = "Warning";

    /// <summary>Records what an action did, if the status does not show it.</summary>
    /// <param name="snapshot">The run after the action.</param>
    /// <param name="action">The action.</param>
    public void Record(RunSnapshot snapshot, RunAction action)
    {
        if (action is RunAction.AnswerCall answer)
        {
            recorder.Record(
                Reference(snapshot.Run), Warning, Reasons.RepeatedCrash, "AnswerCall",
                $"A call of tool {answer.Tool} crashed every attempt. It was answered with an error, and the agent continues.", related: null);
        }

        if (action is RunAction.DeletePod { IsForeign: true, Pod: { Metadata.DeletionTimestamp: null } pod } && !PodFacts.HasEnded(pod))
        {
            recorder.Record(
                Reference(snapshot.Run), Warning, Reasons.ForeignPod, "DeletePod",
                $"Deleted pod {pod.Metadata.Name}. It names this run as its owner, but it is not one of the run's attempts: the operator has no "
                    + "record of creating it.",
                related: null);
        }

        // The attempt has begun with less. A run that waits for more memory says so in its status.
        if (action is RunAction.ClaimEpoch && snapshot.MemoryRefusal is { } refusal)
        {
            recorder.Record(
                Reference(snapshot.Run), Warning, Reasons.MemoryCapReached, "StartAttempt",
                $"The namespace allows no memory limit above {MemoryQuantity.Format(refusal.Cap)}: {refusal.Sentence}", related: null);
        }
    }

    /// <summary>Records that the API server rejected the run's status.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isShown">Whether the server accepted the status without its texts.</param>
    public void RecordRefusedStatus(AgentRun run, bool isShown) => recorder.Record(
        Reference(run), Warning, Reasons.StatusRefused, "WriteStatus",
        isShown
            ? "The API server rejected the run's status. It is shown without messages and the agent's answer. See the operator's log for the reason."
            : "The API server rejects the run's status. The status shown is out of date, and the run is stuck. See the operator's log for the "
                + "reason.",
        related: null);

    /// <summary>Records the changes in a status that was just written.</summary>
    public void Record(AgentRun run, AgentRunStatus before, AgentRunStatus after)
    {
        var regarding = Reference(run);
        foreach (var told in Between(before, after))
        {
            // The related pod keeps events of different attempts from being aggregated.
            var related = told.Attempt is { } attempt
                ? new V1ObjectReference
                {
                    ApiVersion = "v1",
                    Kind = "Pod",
                    Name = attempt.Pod,
                    NamespaceProperty = run.Metadata.NamespaceProperty,
                    Uid = attempt.PodUid,
                }
                : null;
            recorder.Record(regarding, told.Type, told.Reason, told.Action, told.Note, related);
        }
    }

    private static V1ObjectReference Reference(AgentRun run) => new()
    {
        ApiVersion = ApiConstants.ApiVersion,
        Kind = ApiConstants.AgentRunKind,
        Name = run.Metadata.Name,
        NamespaceProperty = run.Metadata.NamespaceProperty,
        Uid = run.Metadata.Uid,
    };

    private static IEnumerable<RunEvent> Between(AgentRunStatus before, AgentRunStatus after)
    {
        if (before.Phase == Phases.Suspended && after.Phase != Phases.Suspended && !Phases.IsTerminal(after.Phase))
        {
            yield return new RunEvent(Normal, Reasons.Resumed, "Resume", "The run resumed.");
        }

        // The end of the attempt that completed the run would duplicate the event for the run's end.
        var finished = !Phases.IsTerminal(before.Phase) && Phases.IsTerminal(after.Phase) ? after.FindCondition(ConditionTypes.Finished) : null;
        foreach (var ended in AttemptChanges.Ended(before, after).Where(ended => finished is null || ended.Outcome != finished.Reason))
        {
            var exit = ended.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : "";
            var note = string.Create(
                CultureInfo.InvariantCulture, $"Attempt {ended.Number} ended at sequence {ended.ToSequence}{exit}: {ended.Message ?? ended.Outcome}");
            yield return new RunEvent(OutcomePolicy.Usual(ended.Outcome).IsGood ? Normal : Warning, ended.Outcome!, "EndAttempt", note, ended);
        }

        foreach (var started in AttemptChanges.Started(before, after))
        {
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"Started attempt {started.Number} in pod {started.Pod} with {started.MemoryLimit} of memory, from sequence {started.FromSequence}.");
            yield return new RunEvent(Normal, Reasons.AttemptStarted, "StartAttempt", note, started);
            if (AttemptChanges.Before(started, after) is { MemoryLimit: { } had } && had != started.MemoryLimit)
            {
                yield return new RunEvent(
                    Normal, Reasons.MemoryRaised, "StartAttempt", $"Raised the memory limit from {had} to {started.MemoryLimit}.", started);
            }
        }

        foreach (var wait in NewWaits(before, after))
        {
            yield return new RunEvent(WaitReasons.EventTypeOf(wait)!, wait.Reason, "Wait", wait.Message);
        }

        // Also emitted for an ended run: the missing tool may be why it ended that way.
        if (after.FindCondition(ConditionTypes.ToolsReady) is { } tools
            && tools.Message != before.FindCondition(ConditionTypes.ToolsReady)?.Message)
        {
            yield return new RunEvent(Warning, tools.Reason, "LeaveOutTools", tools.Message);
        }

        if (finished is not null)
        {
            yield return new RunEvent(after.Phase == Phases.Failed ? Warning : Normal, finished.Reason, "Finish", finished.Message);
        }
    }

    /// <summary>
    /// The conditions that show a wait which they did not show before. Both may show the same one. A run that has ended waits for nothing but its
    /// cleanup.
    /// </summary>
    private static IEnumerable<Condition> NewWaits(AgentRunStatus before, AgentRunStatus after) =>
        from condition in new[] { ConditionTypes.Accepted, ConditionTypes.Running }.Select(after.FindCondition).OfType<Condition>()
            .DistinctBy(condition => condition.Reason)
        where WaitReasons.EventTypeOf(condition) is not null
            && condition.Reason != before.FindCondition(condition.Type)?.Reason
            && (!Phases.IsTerminal(after.Phase) || condition.Reason == Reasons.ReconcileError)
        select condition;

    /// <summary>An event to emit, and the attempt that it is about.</summary>
    private sealed record RunEvent(string Type, string Reason, string Action, string Note, AttemptStatus? Attempt = null);
}
