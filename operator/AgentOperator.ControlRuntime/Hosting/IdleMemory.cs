using Microsoft.Extensions.Hosting;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Gives memory back to the system when the process has come to rest after work. What lists, bursts and restarts leave behind is many times what the caches keep, and a
/// process that then has little to do would hold it for good: the runtime collects when something is allocated.
/// </summary>
internal sealed class IdleMemory(TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Collects all that is not used and gives the pages back; takes some hundredths of a second.</summary>
    public static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rest = new RestDetector();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (rest.HasCome(GC.GetTotalAllocatedBytes()))
            {
                GiveBack();
            }
        }
    }
}
