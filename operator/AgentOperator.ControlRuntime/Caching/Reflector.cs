using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Keeps a sink equal to one resource of the API server: reads the current objects, as a stream or as a list, watches from there on, and starts over
/// when the history is lost.
/// </summary>
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
    private readonly ListPages<T> _pages = new(listWatch, reader, options.PageSize);
    private volatile ReflectorState _state = new ReflectorState.Empty();
    private InitialRead _initialRead = options.StreamLists ? InitialRead.Stream : InitialRead.List;
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
                pause = (_state, _initialRead) switch
                {
                    (ReflectorState.Listed(var version), _) => await WatchAsync(version, cancellationToken),
                    (_, InitialRead.Stream) => await StreamAsync(cancellationToken),
                    _ => await ListAsync(cancellationToken),
                };
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                _state = _state.After(exception);
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
        var (objects, version) = await _pages.ReadAsync(cancellationToken);
        Replace(objects, version);
        _state = new ReflectorState.Listed(version);
        _initialRead = InitialReads.AfterList(_initialRead);
        return null;
    }

    private void Replace(IReadOnlyList<ReadObject<T>> objects, string version)
    {
        sink.Replace(objects);
        metrics.Listed(_resource);
        LogListed(logger, _resource, objects.Count, version);
    }

    /// <summary>Reads the current objects as the first events of a watch, and follows that watch.</summary>
    private async Task<TimeSpan?> StreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await WatchAsync(version: null, cancellationToken);
        }
        catch (Exception exception) when (_state is ReflectorState.Empty && !cancellationToken.IsCancellationRequested)
        {
            _initialRead = InitialReads.AfterFailedStream(exception);
            if (_initialRead is InitialRead.ListOnce)
            {
                throw;
            }

            LogCannotStream(logger, _resource, ReasonOf(exception));
            return null;
        }
    }

    /// <summary>Watches from a version on; without one, from the current objects, which come first.</summary>
    private async Task<TimeSpan?> WatchAsync(string? version, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(version is null ? ReflectorOptions.StreamDeadline : options.IdleTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, idle.Token);
        var started = time.GetTimestamp();
        var anyEvent = version is null;
        metrics.WatchOpened(_resource);
        await using var events = listWatch.WatchAsync(version, options.WatchTimeout * (1 + random()), stop.Token).GetAsyncEnumerator(stop.Token);
        version ??= await ReadInitialAsync(events, idle, cancellationToken);
        _state = new ReflectorState.Watching(version);
        try
        {
            while (await events.MoveNextAsync())
            {
                idle.CancelAfter(options.IdleTimeout);
                anyEvent = true;
                _failures = 0;
                version = Handle(events.Current, version);
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

    /// <summary>Reads the events up to the bookmark that marks the end of the current objects.</summary>
    /// <returns>The resource version of the bookmark.</returns>
    private async Task<string> ReadInitialAsync(
        IAsyncEnumerator<WatchEvent> events, CancellationTokenSource deadline, CancellationToken cancellationToken)
    {
        var initial = new InitialEvents<T>(reader);
        try
        {
            await initial.ReadAsync(events);
        }
        catch (OperationCanceledException exception) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new StreamIgnoredException(
                $"The server did not mark the end of the current objects within {ReflectorOptions.StreamDeadline}.", exception);
        }

        deadline.CancelAfter(options.IdleTimeout);
        Replace(initial.Objects, initial.Version);
        return initial.Version;
    }

    private string Handle(WatchEvent watchEvent, string version)
    {
        if (watchEvent.Type is not WatchEventType.Bookmark)
        {
            sink.Apply(watchEvent.Type, reader.Read(watchEvent.Object));
        }

        return ObjectReader<T>.ResourceVersion(watchEvent.Object) is { Length: > 0 } newer ? newer : version;
    }

    private TimeSpan Failed(Exception exception)
    {
        metrics.WatchFailed(_resource);
        var delay = _backoff.For(_failures++);
        if (exception is HttpOperationException http && http.RetryAfter() is { } asked && asked > delay)
        {
            delay = asked < options.MaxBackoff ? asked : options.MaxBackoff;
        }

        var reason = ReasonOf(exception);
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

    private static string ReasonOf(Exception exception) => exception is HttpOperationException failed ? failed.Summary() : exception.Message;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Listed {Count} of {Resource} at version {Version}")]
    private static partial void LogListed(ILogger logger, string resource, int count, string version);

    [LoggerMessage(Level = LogLevel.Information, Message = "The watch of {Resource} was silent for {Timeout}; it is opened anew")]
    private static partial void LogIdle(ILogger logger, string resource, TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The server does not stream lists of {Resource}; it is listed page by page: {Reason}")]
    private static partial void LogCannotStream(ILogger logger, string resource, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The history of {Resource} is gone; listing again in {Delay}: {Reason}")]
    private static partial void LogExpired(ILogger logger, string resource, TimeSpan delay, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Listing or watching {Resource} failed; trying again in {Delay}: {Reason}")]
    private static partial void LogFailed(ILogger logger, string resource, TimeSpan delay, string reason);
}
