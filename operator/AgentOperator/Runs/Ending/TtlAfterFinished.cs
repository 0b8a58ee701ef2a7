namespace AgentOperator.Runs.Ending;

/// <summary>Deletes runs some time after their end.</summary>
internal static class TtlAfterFinished
{
    /// <summary>When an ended run is to be deleted; null for never.</summary>
    public static DateTimeOffset? ExpiresAt(RunSnapshot snapshot) =>
        snapshot.Status.FinishedAt is { } finished && snapshot.Spec.TtlSecondsAfterFinished is { } seconds ? finished.AddSeconds(seconds) : null;

    public static bool HasExpired(RunSnapshot snapshot) => ExpiresAt(snapshot) <= snapshot.Now;
}
