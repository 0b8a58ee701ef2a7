namespace AgentOperator.Api.Validation;

/// <summary>A run needs exactly one source of its task.</summary>
internal static class TaskRules
{
    public static IEnumerable<FieldViolation> Check(AgentRunSpec spec)
    {
        if (spec.Task is null && spec.TaskFrom is null)
        {
            yield return new FieldViolation("spec.task", "is required, unless taskFrom is given");
        }
        else if (spec.Task is not null && spec.TaskFrom is not null)
        {
            yield return new FieldViolation("spec.task", "cannot be given together with taskFrom");
        }
        else if (spec.Task is { Length: > 0 } task && string.IsNullOrWhiteSpace(task))
        {
            yield return new FieldViolation("spec.task", "must not be blank");
        }
    }
}
