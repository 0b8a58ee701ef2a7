using System.Diagnostics.CodeAnalysis;
using k8s.Autorest;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime;

/// <summary>Runs one reconciler: sources feed its queue, workers empty it, and the queue is the retry.</summary>
internal sealed partial class Controller(
    string name,
    int workers,
    IReadOnlyList<IControllerSource> sources,
    IReconciler reconciler,
    Func<WorkQueue<ObjectKey>> createQueue,
    TimeSpan reconcileTimeout,
    TimeProvider time,
    ControlRuntimeMetrics metrics,
    ILogger<Controller> logger)
{
    /// <summary>
    /// Runs until told to stop, then lets running reconciles finish. May be called again after it has ended; it then starts over with every
    /// object in the caches.
    /// </summary>
    /// <param name="stop">No further key is taken.</param>
    /// <param name="abort">Cancels the running reconciles.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        using var queue = createQueue();
        var subscriptions = new List<IDisposable>();
        try
        {
            foreach (var source in sources)
            {
                subscriptions.Add(source.Start((key, isInInitialList) => queue.Add(key, isInInitialList ? WorkPriority.Low : WorkPriority.Normal)));
            }

            await Task.WhenAll(sources.Select(source => source.WaitForSyncAsync(stop)));
            LogStarted(logger, name, workers);
            await using var shutDown = stop.Register(queue.ShutDown);
            await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(queue, abort)));
            LogStopped(logger, name);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped before the caches were in sync. No worker had started.
        }
        finally
        {
            subscriptions.ForEach(subscription => subscription.Dispose());
        }
    }

    private async Task WorkAsync(WorkQueue<ObjectKey> queue, CancellationToken abort)
    {
        // From here on, each worker runs on the thread pool. Not Task.Run: some of its own bookkeeping runs there after the worker has paused, where
        // a simulation cannot order it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (await queue.TakeAsync() is (true, var key))
        {
            try
            {
                await ReconcileAsync(queue, key, abort);
            }
            finally
            {
                queue.Done(key);
            }
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "A reconciler may throw anything; it is logged, counted and retried, and the worker goes on.")]
    private async Task ReconcileAsync(WorkQueue<ObjectKey> queue, ObjectKey key, CancellationToken abort)
    {
        using var timeout = new CancellationTokenSource(reconcileTimeout, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(abort, timeout.Token);
        using var scope = logger.BeginScope(new KeyValuePair<string, object>[]
        {
            new("controller", name), new("reconcileId", NewReconcileId()), new("namespace", key.Namespace), new("name", key.Name),
        });
        var started = time.GetTimestamp();
        metrics.ReconcileStarted(name);
        var outcome = ReconcileOutcome.Error;
        try
        {
            var result = await reconciler.ReconcileAsync(key, cancel.Token);
            outcome = Succeeded(queue, key, result);
        }
        catch (TerminalException exception)
        {
            outcome = ReconcileOutcome.TerminalError;
            queue.Forget(key);
            if (exception.RetryAfter is { } delay)
            {
                queue.AddAfter(key, delay);
            }

            LogTerminal(logger, exception, name, key);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            outcome = ReconcileOutcome.Cancelled;
            LogCancelled(logger, name, key);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            outcome = ReconcileOutcome.Timeout;
            var delay = queue.AddRateLimited(key);
            LogTimeout(logger, name, key, reconcileTimeout, delay);
        }
        catch (HttpOperationException exception) when (exception.IsConflict())
        {
            outcome = ReconcileOutcome.Conflict;
            var delay = queue.AddRateLimited(key);
            LogConflict(logger, name, key, delay);
        }
        catch (HttpOperationException exception)
        {
            // The exception holds the request and the answer, which may contain what must not be logged.
            var delay = queue.AddRateLimited(key);
            var refusal = exception.Summary();
            LogRefused(logger, name, key, delay, refusal);
        }
        catch (Exception exception)
        {
            var delay = queue.AddRateLimited(key);
            LogFailed(logger, exception, name, key, delay);
        }
        finally
        {
            metrics.ReconcileEnded(name, outcome, time.GetElapsedTime(started));
        }
    }

    /// <summary>Distinguishes the log lines of one reconcile from those of the same object's next one.</summary>
    private static string NewReconcileId() => Guid.NewGuid().ToString("N")[..8];

    private static string Succeeded(WorkQueue<ObjectKey> queue, ObjectKey key, Result result)
    {
        queue.Forget(key);
        if (result.RequeueAfter is not { } delay)
        {
            return ReconcileOutcome.Success;
        }

        queue.AddAfter(key, delay);
        return ReconcileOutcome.RequeueAfter;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Controller} started with {Workers} workers")]
    private static partial void LogStarted(ILogger logger, string controller, int workers);

    [LoggerMessage(Level = LogLevel.Information, Message = "Controller {Controller} stopped; no reconcile is running")]
    private static partial void LogStopped(ILogger logger, string controller);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} {Key}: failed; an immediate retry would fail the same way")]
    private static partial void LogTerminal(ILogger logger, Exception exception, string controller, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Controller} {Key}: cancelled")]
    private static partial void LogCancelled(ILogger logger, string controller, ObjectKey key);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} {Key}: not finished after {Timeout}, cancelled; trying again in {Delay}")]
    private static partial void LogTimeout(ILogger logger, string controller, ObjectKey key, TimeSpan timeout, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Controller} {Key}: conflict with another writer; trying again in {Delay}")]
    private static partial void LogConflict(ILogger logger, string controller, ObjectKey key, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} {Key}: the API server refused; trying again in {Delay}: {Refusal}")]
    private static partial void LogRefused(ILogger logger, string controller, ObjectKey key, TimeSpan delay, string refusal);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Controller} {Key}: failed; trying again in {Delay}")]
    private static partial void LogFailed(ILogger logger, Exception exception, string controller, ObjectKey key, TimeSpan delay);
}
