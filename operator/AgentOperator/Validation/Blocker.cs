namespace AgentOperator.Validation;

/// <summary>Why something cannot be done now, though time or a person can clear the way.</summary>
/// <param name="Reason">One CamelCase word, for a condition.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="RetryAt">When to look again even if nothing is seen to change; null when a change will be seen.</param>
internal sealed record Blocker(string Reason, string Message, DateTimeOffset? RetryAt = null);
