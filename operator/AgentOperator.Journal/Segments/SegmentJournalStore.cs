using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Journal;

/// <summary>
/// Keeps journals in segments, with one write per append. The open segment is cached, so an append needs no read. If another replica wrote
/// it meanwhile, the write conflicts and the segment is read again. What is read is verified against what this process knows: so an append goes after
/// the records that it was decided on, or after none.
/// </summary>
internal sealed class SegmentJournalStore(ISegmentClient segments, TimeProvider time) : IJournalStore, IDisposable
{
    private const int Tries = 8;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);

    /// <summary>Short, so that paid answers are committed soon after the API server is back.</summary>
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);

    private readonly OpenSegments _open = new(segments);
    private readonly SegmentPages _pages = new(segments);

    public async Task<JournalHead?> ReadHeadAsync(RunIdentity run, CancellationToken cancellationToken) =>
        (await TryAsync(run, () => _open.LoadAsync(run, cancellationToken), cancellationToken))?.Head;

    public JournalHead? KnownHead(RunIdentity run)
    {
        if (segments.Touched(run).Count > 0)
        {
            return null;
        }

        var watched = segments.LastKnownHead(run);
        return _open.Find(run) is { } open && !(watched?.Sequence > open.Head.Sequence) ? open.Head : watched;
    }

    public bool IsKnownOpen(RunIdentity run) => _open.Find(run)?.Head.Finished is null && segments.HasOpenSegment(run);

    public Task<JournalReading> ReadAsync(
        RunIdentity run, long after, int maxBytes, CancellationToken cancellationToken, Func<JournalHead, bool>? isEnough = null) =>
        TryAsync(run, () => ReadPageAsync(run, after, maxBytes, int.MaxValue, cancellationToken, isEnough), cancellationToken);

    public Task<JournalHead> StartAsync(RunIdentity run, string specHash, JsonElement spec, CancellationToken cancellationToken)
    {
        var tried = false;
        return TryAsync(
            run,
            async () =>
            {
                // The caller has seen no journal, so create first and read only after a conflict.
                if (tried && await _open.LoadAsync(run, cancellationToken) is { } open)
                {
                    return open.Head;
                }

                tried = true;
                var payload = JsonSerializer.SerializeToElement(
                    new RunStartedPayload(run.Uid, specHash, spec), ProtocolJson.Default.RunStartedPayload);
                var started = JournalRules.Place(
                    0, JournalHash.Genesis, 0, [new NewRecord(RecordKinds.RunStarted, payload)], time.GetUtcNow())[0];
                return _open.Remember(run, await segments.CreateAsync(run, Segment.First(started), cancellationToken)).Head;
            },
            cancellationToken);
    }

    public Task<JournalHead> ClaimEpochAsync(RunIdentity run, int epoch, string pod, string podUid, CancellationToken cancellationToken) =>
        ChangeAsync(
            run,
            head =>
            {
                JournalRules.CheckOpen(head);
                if (head.Epoch == epoch && head.PodUid == podUid)
                {
                    return null;
                }

                if (epoch <= head.Epoch)
                {
                    throw new JournalException(
                        ErrorCodes.StaleEpoch, $"epoch {epoch} cannot be claimed for pod {pod}: epoch {head.Epoch} is already claimed");
                }

                var payload = JsonSerializer.SerializeToElement(new EpochClaimedPayload(pod, podUid), ProtocolJson.Default.EpochClaimedPayload);
                return (epoch, new NewRecord(RecordKinds.EpochClaimed, payload));
            },
            cancellationToken);

    public Task<JournalHead> AppendForOperatorAsync(RunIdentity run, long expectedSequence, NewRecord record, CancellationToken cancellationToken) =>
        ChangeAsync(
            run,
            head => head.Sequence == expectedSequence && head.Finished is null ? (head.Epoch, record) : null,
            cancellationToken,
            leastSequence: expectedSequence);

    public Task<JournalHead> FinishAsync(RunIdentity run, RunFinishedPayload end, CancellationToken cancellationToken) =>
        ChangeAsync(
            run,
            head => head.Finished is not null
                ? null
                : (head.Epoch, new NewRecord(
                    RecordKinds.RunFinished, JsonSerializer.SerializeToElement(end, ProtocolJson.Default.RunFinishedPayload))),
            cancellationToken);

    public Task<JournalHead> AppendAsync(
        RunIdentity run, Writer writer, long expectedSequence, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count is 0 or > JournalRules.MaxBatch)
        {
            throw new JournalException(ErrorCodes.InvalidRequest, $"an append must have 1 to {JournalRules.MaxBatch} records, not {records.Count}");
        }

        return TryAsync(
            run,
            async () =>
            {
                var open = await OpenAsync(run, known => known.Epoch >= writer.Epoch && known.Sequence >= expectedSequence, cancellationToken);
                JournalRules.CheckWriter(open.Head, writer);
                if (expectedSequence == open.Head.Sequence)
                {
                    JournalRules.CheckOpen(open.Head);
                    return (await WriteAsync(run, open, writer.Epoch, records, cancellationToken)).Head;
                }

                var committed = expectedSequence < open.Head.Sequence
                    ? (await ReadPageAsync(run, expectedSequence, int.MaxValue, records.Count, cancellationToken)).Records
                    : [];
                if (JournalRules.IsRepetition(writer.Epoch, committed, records))
                {
                    return open.Head;
                }

                JournalRules.CheckOpen(open.Head);
                throw new JournalException(
                    ErrorCodes.SequenceConflict, $"the journal's head is at {open.Head.Sequence}, not at {expectedSequence}", open.Head.Sequence);
            },
            cancellationToken);
    }

    public void Dispose()
    {
        _open.Dispose();
        _pages.Dispose();
    }

    /// <summary>
    /// Decides on the cached segment. If it is stale, the write conflicts and the decision is made again. A decision without a write, or a
    /// rejection, holds even on a stale segment: epochs only grow, and an end is final.
    /// </summary>
    private Task<JournalHead> ChangeAsync(
        RunIdentity run, Func<JournalHead, (int Epoch, NewRecord Record)?> decide, CancellationToken cancellationToken, long leastSequence = 0) =>
        TryAsync(
            run,
            async () =>
            {
                var open = await OpenAsync(run, known => known.Sequence >= leastSequence, cancellationToken);
                return decide(open.Head) is { } change
                    ? (await WriteAsync(run, open, change.Epoch, [change.Record], cancellationToken)).Head
                    : open.Head;
            },
            cancellationToken);

    private async Task<Segment> WriteAsync(
        RunIdentity run, Segment open, int epoch, IReadOnlyList<NewRecord> records, CancellationToken cancellationToken)
    {
        var placed = JournalRules.Place(open.Head.Sequence, open.Head.Hash, epoch, records, time.GetUtcNow());
        var next = open.With(placed);
        var written = next.Index == open.Index
            ? await segments.ReplaceAsync(run, next, cancellationToken)
            : await segments.CreateAsync(run, next, cancellationToken);
        return _open.Remember(run, written);
    }

    private async Task<JournalReading> ReadPageAsync(
        RunIdentity run, long after, int maxBytes, int maxRecords, CancellationToken cancellationToken,
        Func<JournalHead, bool>? isEnough = null)
    {
        var open = await OpenAsync(run, isEnough ?? (_ => false), cancellationToken);
        return await _pages.ReadAsync(run, open, after, maxBytes, maxRecords, cancellationToken);
    }

    /// <summary>
    /// The last segment: the cached one if it is new enough for the caller, else the store's. Another replica's writes make the cache stale.
    /// </summary>
    private async Task<Segment> OpenAsync(RunIdentity run, Func<JournalHead, bool> isEnough, CancellationToken cancellationToken) =>
        _open.Find(run) is { } known && isEnough(known.Head) && segments.Touched(run).Count == 0
            ? known
            : await _open.LoadAsync(run, cancellationToken) ?? throw NoJournal(run);

    /// <summary>Retries an operation after a lost race, and after a pause when the store is unavailable.</summary>
    private async Task<T> TryAsync<T>(RunIdentity run, Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await operation();
            }
            catch (SegmentConflictException) when (tried < Tries)
            {
                _open.Doubt(run);
            }
            catch (SegmentUnavailableException) when (tried < Tries)
            {
                _open.Doubt(run);
                var backoff = FirstBackoff * (1 << tried);
                await Task.Delay(backoff < LongestBackoff ? backoff : LongestBackoff, time, cancellationToken);
            }
            catch (SegmentRefusedException exception)
            {
                _open.Doubt(run);
                throw new JournalException(
                    ErrorCodes.RecordRefused, $"the journal's store refuses to keep the journal of {run}: {exception.Message}", inner: exception);
            }
            catch (Exception exception) when (exception is SegmentConflictException or SegmentUnavailableException)
            {
                _open.Doubt(run);
                throw new JournalException(
                    ErrorCodes.JournalUnavailable, $"the journal of {run} is unavailable: {exception.Message}", inner: exception);
            }
        }
    }

    private static JournalException NoJournal(RunIdentity run) =>
        new(ErrorCodes.EpochNotClaimed, $"run {run} has no journal yet");
}
