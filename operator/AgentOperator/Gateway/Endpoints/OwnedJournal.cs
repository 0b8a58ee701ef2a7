using AgentOperator.Gateway.Identity;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Endpoints;

/// <summary>Reads a journal for a runner that owns the newest epoch; anyone else is refused.</summary>
internal static class OwnedJournal
{
    /// <summary>How much of a journal one answer holds.</summary>
    public const int PageBytes = 1024 * 1024;

    /// <summary>The head, read from the store.</summary>
    /// <exception cref="JournalException">The runner is not the owner.</exception>
    public static async Task<JournalHead> ReadOwnedHeadAsync(this IJournalStore journal, RunnerIdentity runner, CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(runner.Run, cancellationToken)
            ?? throw new JournalException(ErrorCodes.EpochNotClaimed, "the run has no journal yet");
        JournalRules.CheckWriter(head, runner.Writer);
        return head;
    }

    /// <summary>Records after a sequence number.</summary>
    /// <exception cref="JournalException">The runner is not the owner.</exception>
    public static async Task<JournalReading> ReadOwnedAsync(
        this IJournalStore journal, RunnerIdentity runner, long after, int maxBytes, CancellationToken cancellationToken,
        Func<JournalHead, bool>? isEnough = null)
    {
        var reading = await journal.ReadAsync(runner.Run, after, maxBytes, cancellationToken, isEnough);
        JournalRules.CheckWriter(reading.Head, runner.Writer);
        return reading;
    }
}
