namespace AgentOperator.Runs;

/// <summary>A run's task, or why there is none.</summary>
/// <param name="Text">The task; null when it could not be found.</param>
/// <param name="Missing">A sentence that says what is missing; null when the task was found.</param>
internal sealed record ResolvedTask(string? Text, string? Missing)
{
    public static ResolvedTask Found(string text) => new(text, null);

    public static ResolvedTask NotFound(string sentence) => new(null, sentence);
}
