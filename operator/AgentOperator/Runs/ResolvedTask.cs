using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Runs;

/// <summary>A run's task, or why there is none.</summary>
/// <param name="Text">The task; null when it could not be found.</param>
/// <param name="Blocker">Why not; null when the task was found.</param>
internal sealed record ResolvedTask(string? Text, Blocker? Blocker)
{
    public static ResolvedTask Found(string text) => new(text, null);

    public static ResolvedTask NotFound(string sentence) => new(null, new Blocker(Reasons.TaskNotFound, sentence));
}
