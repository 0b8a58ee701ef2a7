using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>
/// One ordered, append-only log per run. Every append is a compare-and-swap on (epoch, sequence): it is committed as a whole
/// or not at all, and the same append again is answered like the first.
/// </summary>
/// <remarks>
/// Throws <see cref="JournalException"/> with one of the codes of <see cref="ErrorCodes"/>. Reads are linearizable:
/// what any replica committed before the call is seen.
/// </remarks>
public interface IJournalStore
{
    /// <summary>The journal's head, or null when the run has no journal.</summary>
    Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken);

    /// <summary>
    /// The head as it is known here without asking the store: never ahead of the truth, and perhaps a moment behind it; null when nothing is known. For what
    /// decides nothing that a moment later would be decided otherwise.
    /// </summary>
    JournalHead? KnownHead(RunIdentity run);

    /// <summary>The records after a sequence, in order, with the hash chain verified; stops after about <paramref name="maxBytes"/>.</summary>
    /// <param name="run">The run.</param>
    /// <param name="after">The sequence.</param>
    /// <param name="maxBytes">How much at most, and one record at least.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="claimedEpoch">An epoch: what is known here may be all, when its claim is in it. For a caller that is told by its next append if there is more. Null asks the store.</param>
    Task<JournalReading> ReadAsync(RunIdentity run, long after, int maxBytes, CancellationToken cancellationToken, int? claimedEpoch = null);

    /// <summary>Starts the journal with a RunStarted record; returns the head there is when it was started before.</summary>
    Task<JournalHead> StartAsync(RunIdentity run, string specHash, JsonElement spec, CancellationToken cancellationToken);

    /// <summary>
    /// Binds an epoch to a pod. From the return on, no other pod's append is accepted. The same claim again changes nothing;
    /// an epoch that is not newer than the claimed one is refused as stale.
    /// </summary>
    Task<JournalHead> ClaimEpochAsync(RunIdentity run, int epoch, string pod, string podUid, CancellationToken cancellationToken);

    /// <summary>Appends a runner's records at the expected head.</summary>
    Task<JournalHead> AppendAsync(
        RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken);

    /// <summary>Appends a record on behalf of the operator, in the newest epoch; when the head is not at the expected sequence or the run has ended, changes nothing.</summary>
    Task<JournalHead> AppendForOperatorAsync(RunIdentity run, long expectedSequence, NewRecord record, CancellationToken cancellationToken);

    /// <summary>Ends the run whatever its head is, on behalf of the operator. When it has ended already, the committed end stays.</summary>
    Task<JournalHead> FinishAsync(RunIdentity run, RunFinishedPayload end, CancellationToken cancellationToken);
}
