using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime;

/// <summary>Keeps a sink equal to one resource of the API server: lists, watches from there on, and starts over when the history is lost.</summary>
internal sealed partial class Reflector<T>(
    ResourceDefinition definition,
    IListWatch listWatch,
    ObjectReader<T> reader,
    IReflectorSink<T> sink,
    ReflectorOptions options,
    TimeProvider time,
    Func<double> random,
    ControlRuntimeMetrics metrics,
    ILogger logger)
    where T : IKubernetesObject<V1ObjectMeta>
{
    private readonly string _resource = definition.ToString();
    private readonly ExponentialDelay _backoff = new(ReflectorOptions.BaseBackoff, options.MaxBackoff, random);
    private volatile ReflectorState _state = new ReflectorState.Empty();
    private int _failures;

    public ReflectorState State => _state;

    /// <summary>Runs until cancelled. It outlives every failure of the API server.</summary>
    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "Whatever fails, a reflector that ends leaves its cache stale for good; every failure is logged, counted and retried.")]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            TimeSpan? pause = null;
            try
            {
                pause = _state is ReflectorState.Listed(var version)
                    ? await WatchAsync(version, cancellationToken)
                    : await ListAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _state = Recover(exception);
                pause = Failed(exception);
            }

            if (pause is { } delay)
            {
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<TimeSpan?> ListAsync(CancellationToken cancellationToken)
    {
        var (objects, version) = await ListPagesAsync(cancellationToken);
        sink.Replace(objects);
        metrics.Listed(_resource);
        _state = new ReflectorState.Listed(version);
        LogListed(logger, _resource, objects.Count, version);
        return null;
    }

    private async Task<(List<ReadObject<T>> Objects, string Version)> ListPagesAsync(CancellationToken cancellationToken)
    {
        List<ReadObject<T>> objects = [];
        string? next = null;
        var asked = listWatch.ListAsync(options.PageSize, next, cancellationToken);
        while (true)
        {
            ListPage page;
            try
            {
                page = await asked;
            }
            catch (ResourceExpiredException) when (next is not null)
            {
                // The pages of one list are one snapshot, which the server forgets after some minutes. In one piece it cannot expire.
                objects.Clear();
                next = null;
                asked = listWatch.ListAsync(null, next, cancellationToken);
                continue;
            }

            // The server makes the next page ready while this one is read.
            next = page.Metadata?.ContinueProperty;
            var isLast = string.IsNullOrEmpty(next);
            asked = isLast ? asked : listWatch.ListAsync(options.PageSize, next, cancellationToken);
            objects.AddRange((page.Items ?? []).Select(reader.Read));
            if (isLast)
            {
                return (objects, page.Metadata?.ResourceVersion is { Length: > 0 } version
                    ? version
                    : throw new WatchBrokenException("The list has no resource version."));
            }
        }
    }

    private async Task<TimeSpan?> WatchAsync(string version, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(options.IdleTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        var started = time.GetTimestamp();
        var anyEvent = false;
        metrics.WatchOpened(_resource);
        _state = new ReflectorState.Watching(version);
        try
        {
            await foreach (var watchEvent in listWatch.WatchAsync(version, options.WatchTimeout * (1 + random()), stop.Token))
            {
                idle.CancelAfter(options.IdleTimeout);
                anyEvent = true;
                _failures = 0;
                version = Handle(watchEvent, version);
                _state = new ReflectorState.Watching(version);
            }
        }
        catch (OperationCanceledException) when (idle.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            LogIdle(logger, _resource, options.IdleTimeout);
        }

        _state = new ReflectorState.Listed(version);
        if (anyEvent || time.GetElapsedTime(started) >= ReflectorOptions.ShortWatch)
        {
            _failures = 0;
            return null;
        }

        return Failed(new WatchBrokenException("The server closed the watch at once."));
    }

    private string Handle(WatchEvent watchEvent, string version)
    {
        if (watchEvent.Type is not WatchEventType.Bookmark)
        {
            sink.Apply(watchEvent.Type, reader.Read(watchEvent.Object));
        }

        return ObjectReader<T>.ResourceVersion(watchEvent.Object) is { Length: > 0 } newer ? newer : version;
    }

    /// <summary>Where to go on after a failure: from the last seen version if only the connection failed, else from a new list.</summary>
    private ReflectorState Recover(Exception exception) => (_state, exception) switch
    {
        (_, ResourceExpiredException or WatchBrokenException) => new ReflectorState.Empty(),
        (_, HttpOperationException http) when !http.IsTransient() => new ReflectorState.Empty(),
        (ReflectorState.Watching(var version), _) => new ReflectorState.Listed(version),
        var (state, _) => state,
    };

    private TimeSpan Failed(Exception exception)
    {
        metrics.WatchFailed(_resource);
        var delay = _backoff.For(_failures++);
        if (exception is HttpOperationException http && http.RetryAfter() is { } asked && asked > delay)
        {
            delay = asked < options.MaxBackoff ? asked : options.MaxBackoff;
        }

        var reason = exception is HttpOperationException failed ? failed.Summary() : exception.Message;
        if (exception is ResourceExpiredException)
        {
            LogExpired(logger, _resource, delay, reason);
        }
        else
        {
            LogFailed(logger, _resource, delay, reason);
        }

        return delay;
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Listed {Count} of {Resource} at version {Version}")]
    private static partial void LogListed(ILogger logger, string resource, int count, string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "The watch of {Resource} was silent for {Timeout}; it is opened anew")]
    private static partial void LogIdle(ILogger logger, string resource, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Information, Message = "The history of {Resource} is gone; listing again in {Delay}: {Reason}")]
    private static partial void LogExpired(ILogger logger, string resource, TimeSpan delay, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listing or watching {Resource} failed; trying again in {Delay}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string resource, TimeSpan delay, string reason);
}
