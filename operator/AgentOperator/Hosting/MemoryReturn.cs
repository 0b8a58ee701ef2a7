using AgentOperator.ControlRuntime;

namespace AgentOperator.Hosting;

/// <summary>
/// Returns memory to the system once the caches are filled and whenever the process becomes idle after work. Lists and bursts leave behind many
/// times what the caches keep. An idle process would never free it, because the runtime collects only when it allocates. ADR 16 has the figures.
/// </summary>
internal sealed class MemoryReturn(IEnumerable<IInformer> informers, TimeProvider time) : BackgroundService
{
    /// <summary>Less than this between two looks is rest: leases, probes and metrics allocate too.</summary>
    internal const long Quiet = 1024 * 1024;

    /// <summary>Less than this since the last rest was no work.</summary>
    internal const long Work = 8 * Quiet;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<IInformer> _informers = [.. informers];
    private long _seen;
    private long _rested;

    /// <summary>Whether the process rests for the first time since it worked.</summary>
    /// <param name="allocated">All bytes that the process has allocated so far.</param>
    internal bool HasComeToRest(long allocated)
    {
        var quiet = allocated - _seen < Quiet;
        _seen = allocated;
        if (!quiet || allocated - _rested < Work)
        {
            return false;
        }

        _rested = allocated;
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(stoppingToken)));
        GiveBack();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (HasComeToRest(GC.GetTotalAllocatedBytes()))
            {
                GiveBack();
            }
        }
    }

    /// <summary>Collects all that is not used and gives the pages back. Takes some hundredths of a second.</summary>
    private static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
