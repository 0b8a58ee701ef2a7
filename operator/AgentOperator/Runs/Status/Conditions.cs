using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Status;

/// <summary>The conditions of a run: Accepted, Running and Finished, each always there, and ToolsReady when it is False.</summary>
internal static class Conditions
{
    private const int MaxMessageBytes = 1024;
    private const int MaxReasonBytes = 128;

    public static IReadOnlyList<Condition> Of(RunSnapshot snapshot, PhaseReport report)
    {
        var ended = Phases.IsTerminal(report.Phase);
        return
        [
            Accepted(snapshot),
            Make(snapshot, ConditionTypes.Running, report.IsRunning, report.Reason, report.Message),
            ended
                ? Make(snapshot, ConditionTypes.Finished, true, report.Reason, report.Message)
                : Make(snapshot, ConditionTypes.Finished, false, Reasons.InProgress, "The run has not ended."),
            .. ToolsReady(snapshot),
        ];
    }

    /// <summary>The conditions of a run that has ended, seen on the spec's newest generation.</summary>
    public static IReadOnlyList<Condition>? Observed(RunSnapshot snapshot) =>
        snapshot.Status.Conditions is { } conditions
            ? [.. conditions.Select(condition => condition with { ObservedGeneration = snapshot.Run.Metadata.Generation })]
            : null;

    private static Condition Accepted(RunSnapshot snapshot)
    {
        if (snapshot.SpecViolations.Count > 0)
        {
            return Make(snapshot, ConditionTypes.Accepted, false, Reasons.InvalidSpec, SpecProblems.Describe(snapshot.SpecViolations));
        }

        return snapshot.ChangedFields.Count > 0
            ? Make(snapshot, ConditionTypes.Accepted, false, Reasons.ImmutableField, SpecProblems.DescribeChanges(snapshot.ChangedFields))
            : Make(snapshot, ConditionTypes.Accepted, true, Reasons.Valid, "The spec is valid.");
    }

    /// <summary>What the journal says, or the status when the journal is not read any more.</summary>
    private static IEnumerable<Condition> ToolsReady(RunSnapshot snapshot) =>
        snapshot.Head is { LeftOutTools: { } tools }
            ? [Make(snapshot, ConditionTypes.ToolsReady, false, Reasons.ToolsLeftOut, $"The run goes on without these tools: {tools}.")]
            : snapshot.Head is null && snapshot.Status.FindCondition(ConditionTypes.ToolsReady) is { } known ? [known] : [];

    private static Condition Make(RunSnapshot snapshot, string type, bool holds, string reason, string message)
    {
        var status = holds ? ConditionStatuses.True : ConditionStatuses.False;
        var before = snapshot.Status.FindCondition(type);
        return new Condition
        {
            Type = type,
            Status = status,
            ObservedGeneration = snapshot.Run.Metadata.Generation,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : Times.Whole(snapshot.Now),
            Reason = TextLimit.Cut(reason, MaxReasonBytes),
            Message = TextLimit.Cut(message, MaxMessageBytes),
        };
    }
}
