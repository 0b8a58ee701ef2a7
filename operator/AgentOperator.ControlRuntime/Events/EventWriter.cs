using System.Diagnostics.CodeAnalysis;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Writes recorded events. The first occurrence creates an Event, the second starts its series at once, and later ones update its count in batches.
/// </summary>
internal sealed partial class EventWriter(
    EventRecorder recorder,
    EventSink sink,
    IOptions<ControlRuntimeOptions> options,
    TimeProvider time,
    Func<double> random,
    ControlRuntimeMetrics metrics,
    ILogger<EventWriter> logger) : IHostedService, IDisposable
{
    private const int MaxSeries = 4096;
    private const int MaxTries = 5;

    // Long enough to write what a stopping controller recorded last, and shorter than the host's shutdown timeout.
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Dictionary<EventKey, EventSeries> _series = [];
    private readonly ExponentialDelay _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10), random);

    private readonly CancellationTokenSource _abort = new(Timeout.InfiniteTimeSpan, time);
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Not a BackgroundService: one that is stopped early never runs, and the events recorded until then would be lost.
        _running = Task.Run(() => RunAsync(_abort.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        recorder.Complete();
        _abort.CancelAfter(StopTimeout);
        await _running.WaitAsync(cancellationToken);
    }

    public void Dispose() => _abort.Dispose();

    private async Task RunAsync(CancellationToken abort)
    {
        using var timer = new PeriodicTimer(options.Value.EventSeriesInterval, time);
        try
        {
            await WriteUntilCompletedAsync(timer, abort);
            await FlushAsync(abort);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            LogUnwritten(logger);
        }
    }

    private async Task WriteUntilCompletedAsync(PeriodicTimer timer, CancellationToken abort)
    {
        var canRead = recorder.Queue.WaitToReadAsync(abort).AsTask();
        var tick = timer.WaitForNextTickAsync(abort).AsTask();
        while (true)
        {
            await Task.WhenAny(canRead, tick);
            if (tick.IsCompleted)
            {
                await tick;
                await FlushAsync(abort);
                tick = timer.WaitForNextTickAsync(abort).AsTask();
            }

            if (canRead.IsCompleted)
            {
                if (!await canRead)
                {
                    return;
                }

                while (recorder.Queue.TryRead(out var recorded))
                {
                    await WriteAsync(recorded, abort);
                }

                canRead = recorder.Queue.WaitToReadAsync(abort).AsTask();
            }
        }
    }

    private async Task WriteAsync(RecordedEvent recorded, CancellationToken abort)
    {
        var key = EventKey.Of(recorded);
        if (_series.TryGetValue(key, out var series))
        {
            series.See(recorded.Time);
            if (series.WrittenCount > 1 || await UpdateAsync(series, abort))
            {
                return;
            }
        }

        await TryAsync(
            async () =>
            {
                MakeRoom();
                _series[key] = new EventSeries(await CreateAsync(recorded, abort), recorded.Time);
                metrics.Event("written");
            },
            abort);
    }

    /// <summary>Creates an Event, or creates it without its note if the server refuses the note for good.</summary>
    private async Task<Corev1Event> CreateAsync(RecordedEvent recorded, CancellationToken abort)
    {
        try
        {
            return await sink.CreateAsync(recorded, abort);
        }
        catch (HttpOperationException exception) when (exception.IsRefusedForGood())
        {
            LogNoteRefused(logger, recorded.Reason, exception.Summary());
            return await sink.CreateAsync(recorded with { Note = EventText.RefusedNote }, abort);
        }
    }

    private async Task FlushAsync(CancellationToken abort)
    {
        var now = time.GetUtcNow();
        foreach (var (key, series) in _series.ToList())
        {
            var isThere = series.Count == series.WrittenCount || await UpdateAsync(series, abort);
            if (!isThere || now - series.LastSeen >= options.Value.EventSeriesIdleTimeout)
            {
                _series.Remove(key);
            }
        }
    }

    /// <summary>Writes a series' count.</summary>
    /// <returns>False when its Event is gone.</returns>
    private async Task<bool> UpdateAsync(EventSeries series, CancellationToken abort)
    {
        var isThere = true;
        await TryAsync(
            async () =>
            {
                var count = series.Count;
                isThere = await sink.UpdateAsync(series, abort);
                series.WrittenCount = count;
                metrics.Event("written");
            },
            abort);
        return isThere;
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "An event is a courtesy: whatever fails, it is dropped after some tries, counted and logged, and the others go on.")]
    private async Task TryAsync(Func<Task> write, CancellationToken abort)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await write();
                return;
            }
            catch (OperationCanceledException) when (abort.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception exception) when (failures + 1 < MaxTries && (exception is not HttpOperationException http || http.IsTransient()))
            {
                await Task.Delay(_backoff.For(failures), time, abort);
            }
            catch (Exception exception)
            {
                metrics.Event("failed");
                var reason = exception is HttpOperationException http ? http.Summary() : exception.Message;
                LogFailed(logger, reason);
                return;
            }
        }
    }

    private void MakeRoom()
    {
        if (_series.Count >= MaxSeries)
        {
            _series.Remove(_series.MinBy(series => series.Value.LastSeen).Key);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "An event could not be written and is dropped: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API server refused event {EventReason}; it is written without its note: {Refusal}")]
    private static partial void LogNoteRefused(ILogger logger, string eventReason, string refusal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events were left unwritten at the stop")]
    private static partial void LogUnwritten(ILogger logger);
}
