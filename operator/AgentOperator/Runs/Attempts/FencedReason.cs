using AgentOperator.Api;

namespace AgentOperator.Runs.Attempts;

/// <summary>
/// Why an agent that may not commit any more says so: its last words begin with the reason. Only the newest attempt is looked at, so a later owner is
/// not among the causes.
/// </summary>
internal static class FencedReason
{
    /// <summary>The reason that decides what comes next; null for any other, which is a failure like others.</summary>
    public static string? Of(string? lastWords) =>
        lastWords is null ? null
        : lastWords.StartsWith(Reasons.Diverged, StringComparison.Ordinal) ? Reasons.Diverged
        : lastWords.StartsWith(Reasons.JournalBroken, StringComparison.Ordinal) ? Reasons.JournalBroken
        : null;
}
