using AgentOperator.Api;

namespace AgentOperator.Runs.Attempts;

/// <summary>Compares the attempts of two statuses.</summary>
internal static class AttemptChanges
{
    /// <summary>Attempts that only the later status has.</summary>
    public static IEnumerable<AttemptStatus> Started(AgentRunStatus before, AgentRunStatus after) =>
        (after.Attempts ?? []).Where(record => record.Number > (before.Attempt ?? 0));

    /// <summary>Attempts that ended between the two statuses.</summary>
    public static IEnumerable<AttemptStatus> Ended(AgentRunStatus before, AgentRunStatus after) =>
        (after.Attempts ?? []).Where(record => record.Outcome is not null && !WasEnded(before, record.Number));

    /// <summary>The attempt before the given one.</summary>
    public static AttemptStatus? Before(AttemptStatus record, AgentRunStatus status) =>
        status.Attempts?.LastOrDefault(other => other.Number < record.Number);

    private static bool WasEnded(AgentRunStatus status, int number) =>
        number < (status.Attempts is { Count: > 0 } known ? known[0].Number : 0)
        || status.Attempts?.Any(record => record.Number == number && record.Outcome is not null) == true;
}
