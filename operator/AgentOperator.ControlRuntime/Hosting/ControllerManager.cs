using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Runs everything in order. Start: informers (on every replica, so that a new leader is warm), then leadership, then controllers. Stop: no new work,
/// running reconciles finish, the lease is released, informers end. Leadership ends as soon as the application is told to stop, even if other
/// services take longer to stop; they can still read the caches. A leader that loses the lease cancels its reconciles and is a candidate again:
/// what else the process does goes on.
/// </summary>
internal sealed partial class ControllerManager(
    IEnumerable<IRunnableInformer> informers,
    IEnumerable<Controller> controllers,
    ILeaderElection election,
    IProcessExit processExit,
    IHostApplicationLifetime lifetime,
    IOptions<ControlRuntimeOptions> options,
    TimeProvider time,
    ILogger<ControllerManager> logger) : BackgroundService
{
    private readonly IReadOnlyList<IRunnableInformer> _informers = [.. informers];
    private readonly IReadOnlyList<Controller> _controllers = [.. controllers];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not the stopping token: reconciles that drain still read the caches.
        using var endInformers = new CancellationTokenSource();
        using var stopWork = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        var running = _informers.Select(informer => Task.Run(() => informer.RunAsync(endInformers.Token), CancellationToken.None)).ToArray();
        try
        {
            await Task.WhenAll(_informers.Select(informer => informer.WaitForSyncAsync(stopWork.Token)));
            LogSynced(logger, _informers.Count);
            while (await election.RunAsync(lost => LeadAsync(lost, stopWork.Token), stopWork.Token) == LeaderOutcome.Lost)
            {
                LogLost(logger);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, time, stoppingToken);
        }
        catch (OperationCanceledException) when (stopWork.IsCancellationRequested)
        {
            // Stopped, perhaps before the caches were in sync.
        }
        finally
        {
            await endInformers.CancelAsync();
            await Task.WhenAll(running);
        }
    }

    private async Task LeadAsync(CancellationToken lost, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lost, stopping);
        using var drained = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(lost, drained.Token);
        await using var drain = stopping.Register(() => drained.CancelAfter(options.Value.DrainTimeout));
        var running = _controllers.Select(controller => RunAsync(controller, stop, abort.Token)).ToList();
        if (running.Count == 0)
        {
            // It still leads, so that ILeadership tells the truth.
            running.Add(
                Task.Delay(Timeout.InfiniteTimeSpan, time, stop.Token)
                    .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default));
        }

        var ended = Task.WhenAll(running);
        await using var overdue = lost.Register(() => _ = FailWhenOverdueAsync(ended));
        await ended;
    }

    /// <summary>
    /// A reconcile that ignores its cancellation could write at the same time as the next leader. Only the end of the process stops it.
    /// </summary>
    private async Task FailWhenOverdueAsync(Task ended)
    {
        await ended.WaitAsync(options.Value.DrainTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCompleted)
        {
            LogOverdue(logger, options.Value.DrainTimeout);
            processExit.Fail();
        }
    }

    /// <summary>Runs one controller; when it fails, the others stop too and the failure ends the process.</summary>
    private static async Task RunAsync(Controller controller, CancellationTokenSource stop, CancellationToken abort)
    {
        try
        {
            await controller.RunAsync(stop.Token, abort);
        }
        finally
        {
            await stop.CancelAsync();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} caches are in sync")]
    private static partial void LogSynced(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leadership is lost; no reconcile is running. This replica is a candidate again")]
    private static partial void LogLost(ILogger logger);

    [LoggerMessage(
        Level = LogLevel.Critical, Message = "Leadership is lost and a reconcile still runs {Timeout} after it was cancelled; the process stops")]
    private static partial void LogOverdue(ILogger logger, TimeSpan timeout);
}
