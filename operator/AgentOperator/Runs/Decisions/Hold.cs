namespace AgentOperator.Runs;

/// <summary>Why the next attempt does not start yet.</summary>
/// <param name="Report">For the status.</param>
/// <param name="CheckAt">When to look again even if nothing changes; null when only a change helps.</param>
internal sealed record Hold(PhaseReport Report, DateTimeOffset? CheckAt = null);
