using System.Diagnostics.CodeAnalysis;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace AgentOperator.ControlRuntime;

/// <summary>A store, the reflector that fills it, and the observers that are told of each change.</summary>
internal sealed partial class Informer<T> : IInformer<T>, IReflectorSink<T>, IRunnableInformer
    where T : IKubernetesObject<V1ObjectMeta>
{
    // Held while a change is stored and observers are notified, so that a new observer sees each object once: in its replay or as a change.
    private readonly Lock _dispatch = new();
    private readonly List<IInformerObserver<T>> _observers = [];
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Store<T> _store;
    private readonly Reflector<T> _reflector;
    private readonly ControlRuntimeMetrics _metrics;
    private readonly ILogger _logger;

    public Informer(
        ResourceDefinition definition,
        InformerOptions<T> options,
        IListWatch listWatch,
        ReflectorOptions reflectorOptions,
        TimeProvider time,
        Func<double> random,
        ControlRuntimeMetrics metrics,
        ILogger<Informer<T>> logger)
    {
        Definition = definition;
        _metrics = metrics;
        _logger = logger;
        _store = new Store<T>(options.Indexes);
        var reader = new ObjectReader<T>(definition, options.JsonOptions, options.Transform, options.MetadataOnly);
        metrics.Reads(definition.ToString());
        _reflector = new Reflector<T>(definition, listWatch, reader, this, reflectorOptions, time, random, metrics, logger);
    }

    public ResourceDefinition Definition { get; }

    public bool HasSynced => _synced.Task.IsCompleted;

    internal ReflectorState State => _reflector.State;

    public Task RunAsync(CancellationToken cancellationToken) => _reflector.RunAsync(cancellationToken);

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => _synced.Task.WaitAsync(cancellationToken);

    public T? Get(ObjectKey key) => _store.Get(key);

    public IReadOnlyList<T> List(string? namespaceName = null) => _store.List(namespaceName);

    public IReadOnlyList<T> ByOwner(string ownerUid) => _store.ByOwner(ownerUid);

    public IReadOnlyList<T> ByIndex(string index, string value) => _store.ByIndex(index, value);

    public IDisposable Subscribe(IInformerObserver<T> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        lock (_dispatch)
        {
            foreach (var item in _store.List(null))
            {
                Tell(observer, new StoreChange<T>(default, item), isInInitialList: true);
            }

            _observers.Add(observer);
        }

        return new Subscription(() => Unsubscribe(observer));
    }

    void IReflectorSink<T>.Replace(IReadOnlyList<ReadObject<T>> objects)
    {
        lock (_dispatch)
        {
            var gone = _store.Keys().ToHashSet();
            foreach (var read in objects)
            {
                // An object that cannot be read is still there: it stays at its last good version.
                if (read.Key is { } key)
                {
                    gone.Remove(key);
                }

                Put(read, isInInitialList: !HasSynced);
            }

            foreach (var key in gone)
            {
                Remove(key, default);
            }
        }

        _synced.TrySetResult();
    }

    void IReflectorSink<T>.Apply(WatchEventType type, ReadObject<T> changed)
    {
        lock (_dispatch)
        {
            if (type is not WatchEventType.Deleted)
            {
                Put(changed, isInInitialList: false);
            }
            else if (changed.Key is { } key)
            {
                Remove(key, changed.Value);
            }
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "An index function may throw anything; the object counts as unreadable and the others go on.")]
    private void Put(ReadObject<T> read, bool isInInitialList)
    {
        if (read.Value is null || read.Key is not { } key)
        {
            Skip(read.Key, read.Error);
            return;
        }

        try
        {
            if (!_store.TryPut(key, read.Value, out var change))
            {
                return;
            }

            Tell(change, isInInitialList);
        }
        catch (Exception exception)
        {
            Skip(key, exception);
        }
    }

    private void Remove(ObjectKey key, T? last)
    {
        if (_store.TryRemove(key, out var change))
        {
            Tell(change with { Previous = last ?? change.Previous }, isInInitialList: false);
        }
    }

    private void Skip(ObjectKey? key, Exception? error)
    {
        _metrics.PoisonObject(Definition.ToString());
        LogPoison(_logger, Definition, key?.ToString() ?? "(no name)", error?.Message ?? "");
    }

    private void Tell(StoreChange<T> change, bool isInInitialList)
    {
        foreach (var observer in _observers)
        {
            Tell(observer, change, isInInitialList);
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types",
        Justification = "An observer may throw anything; the others and the cache must go on. It is logged.")]
    private void Tell(IInformerObserver<T> observer, StoreChange<T> change, bool isInInitialList)
    {
        try
        {
            switch (change)
            {
                case { Previous: null, Current: { } added }:
                    observer.OnAdded(added, isInInitialList);
                    break;
                case { Previous: { } previous, Current: { } current }:
                    observer.OnUpdated(previous, current);
                    break;
                case { Previous: { } deleted }:
                    observer.OnDeleted(deleted);
                    break;
            }
        }
        catch (Exception exception)
        {
            LogObserverFailed(_logger, exception, Definition);
        }
    }

    private void Unsubscribe(IInformerObserver<T> observer)
    {
        lock (_dispatch)
        {
            _observers.Remove(observer);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Resource} {Key} cannot be read and is skipped; the cache keeps what it had: {Reason}")]
    private static partial void LogPoison(ILogger logger, ResourceDefinition resource, string key, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "An observer of {Resource} failed")]
    private static partial void LogObserverFailed(ILogger logger, Exception exception, ResourceDefinition resource);

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
