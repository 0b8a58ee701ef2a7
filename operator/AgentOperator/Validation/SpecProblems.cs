
namespace AgentOperator.Validation;

/// <summary>Describes problems of a spec.</summary>
internal static class SpecProblems
{
    private const int MaxListed = 10;

    /// <summary>The violations in one line, each as <c>path: sentence</c>.</summary>
    public static string Describe(IReadOnlyList<string> violations) =>
        string.Join("; ", violations.Take(MaxListed)) + (violations.Count > MaxListed ? $"; and {violations.Count - MaxListed} more" : "");

    /// <summary>The changed fields and how to fix it.</summary>
    public static string DescribeChanges(IReadOnlyList<string> fields) =>
        $"{string.Join(", ", fields.Take(MaxListed))}: cannot change once the run has started; a limit can only be raised. The current "
            + "attempt continues with the accepted spec, but no new attempt starts until the change is reverted.";
}
