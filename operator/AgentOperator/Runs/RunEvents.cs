using System.Globalization;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Attempts;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Tells users of a run's changes, by Events about what differs between two statuses.</summary>
internal sealed class RunEvents(IEventRecorder recorder)
{
    private const string Normal = "Normal";
    private const string Warning = "Warning";

    /// <summary>Records that a call was answered in the agent's place.</summary>
    public void RecordAnswer(AgentRun run, RunAction.AnswerCall answer) => recorder.Record(
        Reference(run), Warning, Reasons.RepeatedCrash, "AnswerCall",
        $"A call of tool {answer.Tool} ended attempt after attempt; it is answered with the error, and the agent goes on.", related: null);

    /// <summary>Records that the server refused the run's status.</summary>
    /// <param name="run">The run.</param>
    /// <param name="isShown">Whether it took the status without its texts.</param>
    public void RecordRefusedStatus(AgentRun run, bool isShown) => recorder.Record(
        Reference(run), Warning, Reasons.StatusRefused, "WriteStatus",
        isShown
            ? "The API server refused the run's status. It is shown without its messages and the answer. The operator's log says why."
            : "The API server refuses the run's status. What kubectl shows is out of date, and the run stands still. The operator's log says why.",
        related: null);

    /// <summary>Records what a status that was just written says anew.</summary>
    public void Record(AgentRun run, AgentRunStatus before, AgentRunStatus after)
    {
        var regarding = Reference(run);
        foreach (var told in Between(before, after))
        {
            // Events that differ in their pod are never counted as one: each attempt's is told.
            var related = told.Attempt is { } attempt
                ? new V1ObjectReference { ApiVersion = "v1", Kind = "Pod", Name = attempt.Pod, NamespaceProperty = run.Metadata.NamespaceProperty, Uid = attempt.PodUid }
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

    private static IEnumerable<Told> Between(AgentRunStatus before, AgentRunStatus after)
    {
        if (before.Phase == Phases.Suspended && after.Phase != Phases.Suspended && !Phases.IsTerminal(after.Phase))
        {
            yield return new Told(Normal, Reasons.Resumed, "Resume", "The run goes on.");
        }

        // The end of the attempt that completed the run would say the same as the run's end, in the same moment.
        var finished = !Phases.IsTerminal(before.Phase) && Phases.IsTerminal(after.Phase) ? after.FindCondition(ConditionTypes.Finished) : null;
        foreach (var ended in AttemptChanges.Ended(before, after).Where(ended => finished is null || ended.Outcome != finished.Reason))
        {
            var exit = ended.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $", exit code {code}") : "";
            var note = string.Create(
                CultureInfo.InvariantCulture, $"Attempt {ended.Number} ended at sequence {ended.ToSequence}{exit}: {ended.Message ?? ended.Outcome}");
            yield return new Told(OutcomePolicy.Usual(ended.Outcome).IsGood ? Normal : Warning, ended.Outcome!, "EndAttempt", note, ended);
        }

        foreach (var started in AttemptChanges.Started(before, after))
        {
            var note = string.Create(
                CultureInfo.InvariantCulture, $"Attempt {started.Number} starts in pod {started.Pod} with {started.MemoryLimit} of memory, from sequence {started.FromSequence}.");
            yield return new Told(Normal, Reasons.AttemptStarted, "StartAttempt", note, started);
            if (AttemptChanges.Before(started, after) is { MemoryLimit: { } had } && had != started.MemoryLimit)
            {
                yield return new Told(Normal, Reasons.MemoryRaised, "StartAttempt", $"The memory limit is raised from {had} to {started.MemoryLimit}.", started);
            }
        }

        foreach (var type in (string[])[ConditionTypes.Accepted, ConditionTypes.Running])
        {
            if (Notable(before, after, type) is { } condition)
            {
                yield return new Told(condition.Reason == Reasons.Suspended ? Normal : Warning, condition.Reason, "Wait", condition.Message);
            }
        }

        // Told of a run that has ended too: it may have ended as it did for want of a tool.
        if (after.FindCondition(ConditionTypes.ToolsReady) is { } tools
            && tools.Message != before.FindCondition(ConditionTypes.ToolsReady)?.Message)
        {
            yield return new Told(Warning, tools.Reason, "LeaveOutTools", tools.Message);
        }

        if (finished is not null)
        {
            yield return new Told(after.Phase == Phases.Failed ? Warning : Normal, finished.Reason, "Finish", finished.Message);
        }
    }

    /// <summary>A condition whose reason is new and that a person should know of.</summary>
    private static Condition? Notable(AgentRunStatus before, AgentRunStatus after, string type)
    {
        var condition = after.FindCondition(type);
        return condition?.Reason != before.FindCondition(type)?.Reason && !Phases.IsTerminal(after.Phase)
            && condition?.Reason is Reasons.InvalidSpec or Reasons.ImmutableField or Reasons.ModelEndpointNotFound or Reasons.InvalidModelEndpoint or Reasons.TaskNotFound
                or Reasons.MemoryCapReached or Reasons.Diverged or Reasons.PodRejected or Reasons.Suspended
            ? condition
            : null;
    }

    /// <summary>What a user is told, and of which attempt.</summary>
    private sealed record Told(string Type, string Reason, string Action, string Note, AttemptStatus? Attempt = null);
}
