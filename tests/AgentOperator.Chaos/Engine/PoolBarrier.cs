using System.Diagnostics;

namespace AgentOperator.Chaos.Engine;

/// <summary>
/// The runtime resumes a cancelled <see cref="Task.Delay(TimeSpan, TimeProvider, CancellationToken)"/> on the thread pool, whatever the simulator does. What is resumed there
/// waits at its first call of the simulator until the event at hand is over, and the simulator waits until it has run to its next wait: so still one at
/// a time.
/// </summary>
internal sealed class PoolBarrier
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A continuation that never calls the simulator may have ended before it was expected.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly ManualResetEventSlim open = new(false);
    private long completed;
    private int expected;

    /// <summary>A continuation is on its way to the pool.</summary>
    public void Expect()
    {
        lock (gate)
        {
            if (expected == 0)
            {
                // What waits in Enter cannot have completed yet.
                completed = ThreadPool.CompletedWorkItemCount;
            }

            expected++;
        }
    }

    /// <summary>Called on a pool thread: waits for its turn.</summary>
    /// <returns>False when the turn does not come: nobody knew that the caller would be there.</returns>
    public bool Enter() => open.Wait(Patience);

    /// <summary>Lets what is on the pool run to its next wait.</summary>
    public void Drain()
    {
        if (expected == 0)
        {
            return;
        }

        open.Set();
        var watch = Stopwatch.StartNew();
        var spin = default(SpinWait);
        while ((ThreadPool.CompletedWorkItemCount - completed < expected || ThreadPool.PendingWorkItemCount > 0) && watch.Elapsed < LongestRun)
        {
            spin.SpinOnce();
        }

        open.Reset();
        lock (gate)
        {
            expected = 0;
        }
    }
}
