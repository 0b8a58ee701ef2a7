namespace AgentOperator.Validation;

/// <summary>Why something cannot be done yet. Time or a user's action can resolve it.</summary>
/// <param name="Reason">One CamelCase word, used as a condition's reason.</param>
/// <param name="Message">A human-readable message.</param>
/// <param name="RetryAt">When to check again; null if a watch will show the change.</param>
internal sealed record Blocker(string Reason, string Message, DateTimeOffset? RetryAt = null)
{
    /// <summary>When the next attempt starts by itself; null if that is not known.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }
}
