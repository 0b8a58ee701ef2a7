using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>
/// One ordered, append-only log per run. Every append is an atomic compare-and-swap on (epoch, sequence). A repeated append
/// returns the first one's result.
/// </summary>
/// <remarks>
/// Throws <see cref="JournalException"/> with one of <see cref="ErrorCodes"/>. Reads are linearizable: they see everything
/// that any replica committed before the call. Each store passes <c>JournalStoreContract</c> in <c>tests/AgentOperator.Journal.Tests</c>.
/// </remarks>
public interface IJournalStore
{
    /// <summary>The journal's head, or null when the run has no journal.</summary>
    Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken);

    /// <summary>
    /// The cached head; null when none is cached. May be stale; never ahead of the store.
    /// </summary>
    JournalHead? KnownHead(RunIdentity run);

    /// <summary>Whether the caches show that the journal has not ended. May be true for a moment after its end; false proves nothing.</summary>
    bool IsKnownOpen(RunIdentity run);

    /// <summary>Reads the records after a sequence, in order, and verifies the hash chain. Stops at about <paramref name="maxBytes"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">The sequence to start after.</param>
    /// <param name="maxBytes">Size limit of the page. A page always has at least one record.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <param name="isEnough">
    /// If set, the read may be answered from the cache when the cached head is new enough for the caller. Null always reads the store.
    /// </param>
    Task<JournalReading> ReadAsync(
        RunIdentity run, long after, int maxBytes, CancellationToken cancellationToken, Func<JournalHead, bool>? isEnough = null);

    /// <summary>Starts the journal with a RunStarted record. Returns the existing head if the journal was already started.</summary>
    Task<JournalHead> StartAsync(RunIdentity run, string specHash, JsonElement spec, CancellationToken cancellationToken);

    /// <summary>
    /// Binds an epoch to a pod. After it returns, no other pod's append is accepted. Repeating the claim changes nothing.
    /// An epoch that is not newer than the claimed one is rejected as stale.
    /// </summary>
    Task<JournalHead> ClaimEpochAsync(RunIdentity run, int epoch, string pod, string podUid, CancellationToken cancellationToken);

    /// <summary>Appends a runner's records at the expected head.</summary>
    Task<JournalHead> AppendAsync(
        RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken);

    /// <summary>
    /// Appends an operator record in the newest epoch. Does nothing if the head is not at the expected sequence or the run has ended.
    /// </summary>
    Task<JournalHead> AppendForOperatorAsync(RunIdentity run, long expectedSequence, NewRecord record, CancellationToken cancellationToken);

    /// <summary>Ends the run on behalf of the operator, whatever the head is. Does nothing if the run has already ended.</summary>
    Task<JournalHead> FinishAsync(RunIdentity run, RunFinishedPayload end, CancellationToken cancellationToken);
}
