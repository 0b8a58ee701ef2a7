using System.Collections.Concurrent;
using System.Text.Json;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Counts the model calls that a provider was sent and that brought no answer to commit. They may be paid, so they are recorded in the run's journal,
/// where every replica and every later attempt sees them. ADR 22.
/// </summary>
internal sealed partial class UnusedCalls(IJournalStore journal, GatewayMetrics metrics, ILogger<UnusedCalls> logger)
{
    private const int Tries = 8;

    private readonly ConcurrentDictionary<string, ModelCallsUnusedPayload> _uncommitted = new();

    /// <summary>Counts one call.</summary>
    public void Add(RunIdentity run, string endpoint, TokenUsage usage)
    {
        metrics.ModelCallUnused(new ObjectKey(run.Namespace, endpoint), usage);
        Add(run.Uid, new ModelCallsUnusedPayload(1, usage));
    }

    /// <summary>The run's calls that are not in its journal yet; null if there are none.</summary>
    public ModelCallsUnusedPayload? Find(string runUid) => _uncommitted.GetValueOrDefault(runUid);

    /// <summary>The same for a caller who commits them.</summary>
    public ModelCallsUnusedPayload? Take(string runUid) => _uncommitted.TryRemove(runUid, out var calls) ? calls : null;

    /// <summary>A record of such calls.</summary>
    public static NewRecord RecordOf(ModelCallsUnusedPayload calls) =>
        new(RecordKinds.ModelCallsUnused, JsonSerializer.SerializeToElement(calls, ProtocolJson.Default.ModelCallsUnusedPayload));

    /// <summary>
    /// Commits the run's calls, in whatever epoch owns the run. The owner reads the record when its next append conflicts. While the store is
    /// unavailable, the calls stay in memory and are committed with the run's next ones.
    /// </summary>
    public async Task CommitAsync(RunIdentity run, CancellationToken cancellationToken)
    {
        if (Take(run.Uid) is not { } calls)
        {
            return;
        }

        try
        {
            for (var tried = 1; await journal.ReadHeadAsync(run, cancellationToken) is { Finished: null, PodUid: { } pod } head; tried++)
            {
                try
                {
                    await journal.AppendAsync(run, new Writer(head.Epoch, pod), head.Sequence, [RecordOf(calls)], cancellationToken);
                    return;
                }
                catch (JournalException exception)
                    when (exception.Code is ErrorCodes.SequenceConflict or ErrorCodes.StaleEpoch && tried < Tries)
                {
                    // Another record was first.
                }
            }
        }
        catch (JournalException exception) when (exception.Code != ErrorCodes.RunFinished)
        {
            Add(run.Uid, calls);
            LogUncommitted(logger, run.Namespace, run.Name, calls.Calls, exception.Message);
        }
    }

    private void Add(string runUid, ModelCallsUnusedPayload calls) =>
        _uncommitted.AddOrUpdate(runUid, calls, (_, before) => before.Plus(calls));

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Calls} unused model calls of run {Namespace}/{Run} are not in its journal yet: {Reason}")]
    private static partial void LogUncommitted(ILogger logger, string @namespace, string run, long calls, string reason);
}
