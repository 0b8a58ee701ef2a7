using System.Text.Json;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos.Sabotage;

/// <summary>A journal that passes everything on.</summary>
internal abstract class JournalDecorator(IJournalStore journal) : IJournalStore
{
    protected IJournalStore Inner => journal;

    public virtual Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken) =>
        journal.ReadHeadAsync(run, cancellationToken);

    public JournalHead? KnownHead(RunIdentity run) => journal.KnownHead(run);

    public bool IsKnownOpen(RunIdentity run) => journal.IsKnownOpen(run);

    public virtual Task<JournalReading> ReadAsync(
        RunIdentity run, long after, int maxBytes, CancellationToken cancellationToken, Func<JournalHead, bool>? isEnough = null) =>
        journal.ReadAsync(run, after, maxBytes, cancellationToken, isEnough);

    public Task<JournalHead> StartAsync(RunIdentity run, string specHash, JsonElement spec, CancellationToken cancellationToken) =>
        journal.StartAsync(run, specHash, spec, cancellationToken);

    public Task<JournalHead> ClaimEpochAsync(RunIdentity run, int epoch, string pod, string podUid, CancellationToken cancellationToken) =>
        journal.ClaimEpochAsync(run, epoch, pod, podUid, cancellationToken);

    public virtual Task<JournalHead> AppendAsync(
        RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken) =>
        journal.AppendAsync(run, writer, expectedSequence, records, cancellationToken);

    public Task<JournalHead> AppendForOperatorAsync(RunIdentity run, long expectedSequence, NewRecord record, CancellationToken cancellationToken) =>
        journal.AppendForOperatorAsync(run, expectedSequence, record, cancellationToken);

    public Task<JournalHead> FinishAsync(RunIdentity run, RunFinishedPayload end, CancellationToken cancellationToken) =>
        journal.FinishAsync(run, end, cancellationToken);
}
