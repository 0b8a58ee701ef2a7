using AgentOperator.Chaos.RealCluster.Plan;
using k8s.Autorest;

namespace AgentOperator.Chaos.RealCluster.Strikes;

/// <summary>Carries out a plan until enough strikes have hit.</summary>
internal sealed class StrikeDriver : IDisposable
{
    private const int MostAtOnce = 12;

    /// <summary>Strikes that keep missing for so long say that nothing works any more.</summary>
    private static readonly TimeSpan LongestMiss = TimeSpan.FromMinutes(6);

    private readonly ComponentBreaker _breaker;
    private readonly ProviderBreaker _provider;
    private readonly OperatorKiller _operators;
    private readonly Dictionary<StrikeKind, IStrikeForce> _forces;
    private readonly TextWriter _log;
    private readonly TimeProvider _time;
    private readonly List<StrikeRecord> _hits = [];
    private readonly Lock _gate = new();

    /// <param name="field">What can be struck.</param>
    /// <param name="heartbeatTimeout">The heartbeat timeout of a run.</param>
    /// <param name="log">Gets a line for each strike.</param>
    /// <param name="time">The clock.</param>
    public StrikeDriver(Battlefield field, Func<string, TimeSpan> heartbeatTimeout, TextWriter log, TimeProvider time)
    {
        (_log, _time) = (log, time);
        _breaker = new ComponentBreaker(field);
        _provider = new ProviderBreaker(field, time);
        var deleter = new PodDeleter(field);
        _operators = new OperatorKiller(field);
        _forces = new Dictionary<StrikeKind, IStrikeForce>
        {
            [StrikeKind.KillRunner] = new RunnerKiller(field),
            [StrikeKind.FreezeRunner] = new RunnerFreezer(field, heartbeatTimeout),
            [StrikeKind.DeletePod] = deleter,
            [StrikeKind.ForceDeletePod] = deleter,
            [StrikeKind.FillMemory] = new MemoryFiller(field),
            [StrikeKind.FillDisk] = new DiskFiller(field),
            [StrikeKind.CutNetwork] = new NetworkCutter(field),
            [StrikeKind.CutProvider] = _provider,
            [StrikeKind.RefuseKey] = _provider,
            [StrikeKind.KillOperator] = _operators,
            [StrikeKind.DeleteLeader] = _operators,
            [StrikeKind.KillApiServer] = _breaker,
            [StrikeKind.KillContainerd] = _breaker,
            [StrikeKind.StopKubelet] = _breaker,
            [StrikeKind.FreezeKubelet] = _breaker,
        };
    }

    /// <summary>The strikes that hit so far.</summary>
    public IReadOnlyList<StrikeRecord> Hits
    {
        get
        {
            lock (_gate)
            {
                return [.. _hits];
            }
        }
    }

    /// <summary>Strikes until enough has been hit, or nothing can be hit any more. What lasts is over when it returns.</summary>
    /// <returns>Whether enough was hit.</returns>
    public async Task<bool> RunAsync(IEnumerable<Strike> plan, int kills, CancellationToken ct)
    {
        var underWay = new List<Task>();
        var lastHit = (Count: 0, Time: _time.GetTimestamp());
        foreach (var strike in plan)
        {
            while (underWay.Count > 0 && (underWay.Count >= MostAtOnce || Hits.Count + underWay.Count >= kills))
            {
                await Task.WhenAny(underWay);
                underWay.RemoveAll(task => task.IsCompleted);
            }

            if (Hits.Count > lastHit.Count)
            {
                lastHit = (Hits.Count, _time.GetTimestamp());
            }

            if (Hits.Count >= kills || ct.IsCancellationRequested || _time.GetElapsedTime(lastHit.Time) > LongestMiss)
            {
                break;
            }

            await Battlefield.LastAsync(strike.Pause, ct);
            underWay.Add(StrikeAsync(strike, ct));
            underWay.RemoveAll(task => task.IsCompleted);
        }

        await Task.WhenAll(underWay);
        return Hits.Count >= kills;
    }

    public void Dispose()
    {
        _breaker.Dispose();
        _provider.Dispose();
    }

    private async Task StrikeAsync(Strike strike, CancellationToken ct)
    {
        var from = _time.GetUtcNow();
        string? victim = null;
        var miss = "nothing to hit";
        try
        {
            victim = await _forces[strike.Kind].StrikeAsync(strike, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            miss = "interrupted";
        }
        catch (Exception exception) when (exception is HttpRequestException or HttpOperationException or IOException
            or InvalidOperationException or TimeoutException or OperationCanceledException)
        {
            // Strikes meet what other strikes broke; such a one has not hit.
            miss = exception.Message.ReplaceLineEndings(" ");
        }

        var until = _time.GetUtcNow();
        lock (_gate)
        {
            if (victim is not null)
            {
                _hits.Add(new StrikeRecord(strike, victim, from, until, _operators.AddressOf(victim)));
            }

            _log.WriteLine(
                FormattableString.Invariant($"{from:HH:mm:ss.fff} {until:HH:mm:ss.fff} {strike.Number} {strike.Kind} {victim ?? $"missed: {miss}"}"));
        }
    }
}
