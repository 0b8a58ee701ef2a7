using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Runs;

/// <summary>A run's task, or why it could not be resolved.</summary>
/// <param name="Text">The task; null if it could not be resolved.</param>
/// <param name="Blocker">Why it could not be resolved; null if it was.</param>
internal sealed record ResolvedTask(string? Text, Blocker? Blocker)
{
    public static ResolvedTask Found(string text) => new(text, null);

    public static ResolvedTask NotFound(string sentence) => new(null, new Blocker(Reasons.TaskNotFound, sentence));
}
