namespace AgentOperator.Runs;

/// <summary>Why an action could not be done now, though time or a person can clear the way.</summary>
/// <param name="Reason">For the Running condition.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="RetryAfter">When to try again.</param>
internal sealed record Obstacle(string Reason, string Message, TimeSpan RetryAfter);
