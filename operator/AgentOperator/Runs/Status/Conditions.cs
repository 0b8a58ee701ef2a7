using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;

namespace AgentOperator.Runs.Status;

/// <summary>The conditions of a run: Accepted, Running and Finished, each always there, and ToolsReady when it is False.</summary>
internal static class Conditions
{
    public static IReadOnlyList<Condition> Of(RunSnapshot snapshot, PhaseReport report)
    {
        var before = snapshot.Status.Conditions?.Select(condition => condition.ToStandard());
        var set = new ConditionSet(before, snapshot.Run.Metadata.Generation, snapshot.Now);
        SetAccepted(set, snapshot);
        set.Set(ConditionTypes.Running, report.IsRunning, report.Reason, report.Message);
        if (Phases.IsTerminal(report.Phase))
        {
            set.Set(ConditionTypes.Finished, true, report.Reason, report.Message);
        }
        else
        {
            set.Set(ConditionTypes.Finished, false, Reasons.InProgress, "The run has not ended.");
        }

        SetToolsReady(set, snapshot);
        return [.. set.Conditions.Select(Condition.Of)];
    }

    /// <summary>
    /// The conditions of a run that has ended, seen on the spec's newest generation. If they said that reconciling the run failed, they say again why
    /// it ended.
    /// </summary>
    public static IReadOnlyList<Condition>? Observed(RunSnapshot snapshot)
    {
        var finished = snapshot.Status.FindCondition(ConditionTypes.Finished);
        return snapshot.Status.Conditions is { } conditions
            ? [.. conditions.Select(condition => Withdrawn(condition, finished) with { ObservedGeneration = snapshot.Run.Metadata.Generation })]
            : null;
    }

    private static Condition Withdrawn(Condition condition, Condition? finished) =>
        condition is { Type: ConditionTypes.Running, Reason: Reasons.ReconcileError } && finished is not null
            ? condition with { Reason = finished.Reason, Message = finished.Message }
            : condition;

    private static void SetAccepted(ConditionSet set, RunSnapshot snapshot)
    {
        if (snapshot.SpecViolations.Count > 0)
        {
            set.Set(ConditionTypes.Accepted, false, Reasons.InvalidSpec, SpecProblems.Describe(snapshot.SpecViolations));
        }
        else if (snapshot.ChangedFields.Count > 0)
        {
            set.Set(ConditionTypes.Accepted, false, Reasons.ImmutableField, SpecProblems.DescribeChanges(snapshot.ChangedFields));
        }
        else
        {
            set.Set(ConditionTypes.Accepted, true, Reasons.Valid, "The spec is valid.");
        }
    }

    /// <summary>What the journal says, or the status when the journal is not read any more.</summary>
    private static void SetToolsReady(ConditionSet set, RunSnapshot snapshot)
    {
        if (snapshot.Head is { LeftOutTools: { } tools })
        {
            set.Set(ConditionTypes.ToolsReady, false, Reasons.ToolsLeftOut, $"The run goes on without these tools: {tools}.");
        }
        else if (snapshot.Head is null)
        {
            set.Keep(ConditionTypes.ToolsReady);
        }
    }
}
