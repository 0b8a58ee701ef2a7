using System.Diagnostics;
using AgentOperator.ModelServer;
using AgentOperator.SimulatedNodes.Operators;

namespace AgentOperator.Benchmarks.Runners;

/// <summary>Runs an agent as a process of this machine and measures it from outside: every agent in the same way.</summary>
/// <param name="model">The model that it asks, directly or through a gateway; nobody else may ask it meanwhile.</param>
/// <param name="calls">How many model calls it has to make.</param>
/// <param name="folder">Where its output goes.</param>
internal sealed class AgentProcess(ModelServerHost model, int calls, string folder)
{
    /// <summary>
    /// The kernel keeps the peak, so no look can miss one but the last: what grows within this time before the end. Looking begins at the first
    /// call, so that it takes nothing from the start.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs it to its end.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">All its variables.</param>
    /// <param name="cancellationToken">Kills it.</param>
    /// <exception cref="InvalidOperationException">It failed, or did not make the calls that it has to make.</exception>
    public async Task<AgentMeasurement> RunAsync(
        string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var log = Path.Combine(folder, $"{Path.GetFileName(file)}.log");
        model.Log.Clear();
        var started = TimeProvider.System.GetUtcNow();
        using var process = ProcessFacts.Start(file, arguments, environment, log, inherits: false);
        try
        {
            var (peak, anonymous) = await WatchAsync(process, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var duration = TimeProvider.System.GetUtcNow() - started;
            var made = model.Log.List();
            return process.ExitCode == 0 && made.Count == calls
                ? new AgentMeasurement(made[0].Time - started, peak, anonymous, duration)
                : throw new InvalidOperationException(
                    $"{file} ended with exit code {process.ExitCode} after {made.Count} of {calls} "
                        + $"calls:{Environment.NewLine}{string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(20))}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private async Task<(long Peak, long Anonymous)> WatchAsync(Process process, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var called = model.Log.WaitAsync(made => made.Count > 0, ended.Token);
        await Task.WhenAny(called, process.WaitForExitAsync(ended.Token));
        using var timer = new PeriodicTimer(Pause, TimeProvider.System);
        var (peak, anonymous) = (0L, 0L);
        while (MemoryLook.TryTake(process.Id) is { } look)
        {
            (peak, anonymous) = (Math.Max(peak, look.PeakBytes), Math.Max(anonymous, look.AnonymousBytes));
            await timer.WaitForNextTickAsync(cancellationToken);
        }

        await ended.CancelAsync();
        return (peak, anonymous);
    }
}
