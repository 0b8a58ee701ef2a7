using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Runs;

/// <summary>A run's task, or why it could not be resolved.</summary>
/// <param name="Text">The task; null if it could not be resolved.</param>
/// <param name="Blocker">Why it could not be resolved; null if it was.</param>
internal sealed record ResolvedTask(string? Text, Blocker? Blocker)
{
    /// <summary>The largest task, in UTF-8 bytes. With the longest instructions it fits into a record of the journal, whatever it says.</summary>
    public const int MaxBytes = 384 * 1024;

    /// <summary>Why the spec is invalid because of it, as <c>path: sentence</c>; null if it is not.</summary>
    public string? Violation { get; private init; }

    public static ResolvedTask Found(string text) => new(text, null);

    public static ResolvedTask TooLarge(string field, int bytes) => new(null, null)
    {
        Violation = string.Create(CultureInfo.InvariantCulture, $"{field}: the task has {bytes} bytes in UTF-8; at most {MaxBytes} are allowed"),
    };

    public static ResolvedTask NotFound(string sentence) => new(null, new Blocker(Reasons.TaskNotFound, sentence));
}
