using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Status;

/// <summary>The conditions of a run: Accepted, Running and Finished, each always there.</summary>
internal static class Conditions
{
    private const int MaxMessageBytes = 1024;

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
            Reason = reason,
            Message = TextLimit.Cut(message, MaxMessageBytes),
        };
    }
}
