namespace AgentOperator.Runs.Ending;

/// <summary>Deletes runs once their TTL after the end has passed.</summary>
internal static class TtlAfterFinished
{
    /// <summary>When to delete an ended run; null for never.</summary>
    public static DateTimeOffset? ExpiresAt(RunSnapshot snapshot) =>
        snapshot.Status.FinishedAt is { } finished && snapshot.Spec.TtlSecondsAfterFinished is { } seconds ? finished.AddSeconds(seconds) : null;

    public static bool HasExpired(RunSnapshot snapshot) => ExpiresAt(snapshot) <= snapshot.Now;
}
