using System.Text.Json;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Runs;

/// <summary>The journal, with the operator's own writes as points where it may die.</summary>
internal sealed class CrashingJournal(IJournalStore inner, RunWorld world) : IJournalStore
{
    public Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken) =>
        world.IsApiServerDown
            ? throw new JournalException(ErrorCodes.JournalUnavailable, "the API server does not answer")
            : inner.ReadHeadAsync(run, cancellationToken);

    public JournalHead? KnownHead(RunIdentity run) => inner.KnownHead(run);

    public Task<JournalReading> ReadAsync(RunIdentity run, long after, int maxBytes, CancellationToken cancellationToken, int? claimedEpoch = null) =>
        inner.ReadAsync(run, after, maxBytes, cancellationToken, claimedEpoch);

    public Task<JournalHead> StartAsync(RunIdentity run, string specHash, JsonElement spec, CancellationToken cancellationToken) =>
        world.Crash.WriteAsync(() => inner.StartAsync(run, specHash, spec, cancellationToken));

    public Task<JournalHead> ClaimEpochAsync(RunIdentity run, int epoch, string pod, string podUid, CancellationToken cancellationToken) =>
        world.Crash.WriteAsync(() => inner.ClaimEpochAsync(run, epoch, pod, podUid, cancellationToken));

    public Task<JournalHead> AppendAsync(
        RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken) =>
        inner.AppendAsync(run, writer, expectedSequence, records, cancellationToken);

    public Task<JournalHead> AppendForOperatorAsync(RunIdentity run, long expectedSequence, NewRecord record, CancellationToken cancellationToken) =>
        world.Crash.WriteAsync(() => inner.AppendForOperatorAsync(run, expectedSequence, record, cancellationToken));

    public Task<JournalHead> FinishAsync(RunIdentity run, RunFinishedPayload end, CancellationToken cancellationToken) =>
        world.Crash.WriteAsync(() => inner.FinishAsync(run, end, cancellationToken));
}
