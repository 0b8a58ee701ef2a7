using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace AgentOperator.ControlRuntime;

/// <summary>Says what wakes a controller. Each kind named here needs an informer (<c>AddInformer</c>).</summary>
public sealed class ControllerBuilder
{
    private readonly List<Func<IServiceProvider, IControllerSource>> _sources = [];
    private Func<IServiceProvider, ResourceDefinition>? _primary;
    private Func<IServiceProvider, IEnumerable<ObjectKey>> _all = _ => [];

    internal ControllerBuilder()
    {
    }

    internal bool HasPrimary => _primary is not null;

    /// <summary>The kind that is reconciled: a change queues the object's own key. Exactly one per controller.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <returns>This builder.</returns>
    /// <exception cref="InvalidOperationException">It was called before.</exception>
    public ControllerBuilder For<T>()
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (_primary is not null)
        {
            throw new InvalidOperationException("A controller reconciles one kind: call For once.");
        }

        _primary = services => services.GetRequiredService<IInformer<T>>().Definition;
        _all = services => services.GetRequiredService<ILister<T>>().List().Select(known => ObjectKey.Of(known));
        return Watches<T>(changed => [ObjectKey.Of(changed)]);
    }

    /// <summary>A kind whose objects the reconciled kind creates: a change queues the controlling owner, when it is of the reconciled kind.</summary>
    /// <typeparam name="TChild">The kind of the children.</typeparam>
    /// <returns>This builder.</returns>
    public ControllerBuilder Owns<TChild>()
        where TChild : class, IKubernetesObject<V1ObjectMeta>
    {
        _sources.Add(services =>
        {
            var owner = Primary(services);
            return new ControllerSource<TChild>(services.GetRequiredService<IInformer<TChild>>(), child => OwnerReferences.OwnerKeys(child, owner));
        });
        return this;
    }

    /// <summary>Any other kind that matters: a change queues the keys that the map names, for the object before the change and after it.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="map">The keys to reconcile; quick, and reading only caches. An exception is logged and queues nothing.</param>
    /// <returns>This builder.</returns>
    public ControllerBuilder Watches<T>(Func<T, IEnumerable<ObjectKey>> map)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(map);
        return Watches<T>((_, changed) => map(changed));
    }

    /// <summary>Like <see cref="Watches{T}(Func{T, IEnumerable{ObjectKey}})" />, for a map that reads other caches.</summary>
    /// <typeparam name="T">The kind.</typeparam>
    /// <param name="map">The keys to reconcile, found with the services; quick, and reading only caches.</param>
    /// <returns>This builder.</returns>
    public ControllerBuilder Watches<T>(Func<IServiceProvider, T, IEnumerable<ObjectKey>> map)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(map);
        _sources.Add(services => new ControllerSource<T>(services.GetRequiredService<IInformer<T>>(), changed => map(services, changed)));
        return this;
    }

    /// <summary>A source that is no informer: what it wakes is reconciled.</summary>
    /// <param name="find">Finds the source; usually a singleton of the services.</param>
    /// <returns>This builder.</returns>
    public ControllerBuilder Watches(Func<IServiceProvider, ChannelSource> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        _sources.Add(services => new ChannelControllerSource(find(services), () => _all(services)));
        return this;
    }

    internal IReadOnlyList<IControllerSource> BuildSources(IServiceProvider services) => [.. _sources.Select(source => source(services))];

    private ResourceDefinition Primary(IServiceProvider services) =>
        _primary is null ? throw new InvalidOperationException("Call For before the controller starts.") : _primary(services);
}
