
namespace AgentOperator.Validation;

/// <summary>Says what is wrong with a spec.</summary>
internal static class SpecProblems
{
    private const int MaxListed = 10;

    /// <summary>The violations, one <c>path: sentence</c> after the other.</summary>
    public static string Describe(IReadOnlyList<string> violations) =>
        string.Join("; ", violations.Take(MaxListed)) + (violations.Count > MaxListed ? $"; and {violations.Count - MaxListed} more" : "");

    /// <summary>The changed fields, and what to do about them.</summary>
    public static string DescribeChanges(IReadOnlyList<string> fields) =>
        $"{string.Join(", ", fields.Take(MaxListed))}: cannot change once the run has started. The run goes on as it was accepted, but no new attempt starts until the change is taken back.";
}
