using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Chaos.Cluster;

/// <summary>
/// One replica's cache of one kind: fed in order, but late. A watch that breaks leaves it as it is until it lists again; what came and went in
/// between is never seen.
/// </summary>
internal sealed class WatchCache<T> : ILister<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Simulator _simulator;
    private readonly FaultPlan _faults;
    private readonly SimulatedProcess _process;
    private readonly ObjectTable<T> _table;
    private readonly Action<T> _changed;
    private readonly Func<T, T?> _keep;
    private readonly Dictionary<ObjectKey, T> _objects = [];
    private TimeSpan _lastDelivery;
    private int _watch;

    /// <param name="simulator">The simulation.</param>
    /// <param name="faults">What strikes.</param>
    /// <param name="process">The replica.</param>
    /// <param name="table">The server's objects.</param>
    /// <param name="changed">Is told of each change.</param>
    /// <param name="keep">What the cache keeps of an object; null for none of it, as when it is not selected.</param>
    public WatchCache(Simulator simulator, FaultPlan faults, SimulatedProcess process, ObjectTable<T> table, Action<T> changed, Func<T, T?> keep)
    {
        (_simulator, _faults, _process, _table, _changed, _keep) = (simulator, faults, process, table, changed, keep);
        Refresh();
        table.Changed += Deliver;
    }

    public T? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

    public IReadOnlyList<T> List(string? namespaceName = null) => [.. Sorted()];

    public IReadOnlyList<T> ByOwner(string ownerUid) =>
        [.. Sorted().Where(value => value.Metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == ownerUid) == true)];

    public IReadOnlyList<T> ByIndex(string index, string value) => throw new ArgumentException($"no index {index}", nameof(index));

    /// <summary>Stops listening: the replica is gone.</summary>
    public void Stop() => _table.Changed -= Deliver;

    private IOrderedEnumerable<T> Sorted() => _objects.Values.OrderBy(value => value.Metadata.Name, StringComparer.Ordinal);

    private void Deliver(ObjectChange<T> change)
    {
        if (_faults.Strikes(_faults.Relists))
        {
            // Events of the broken watch are dropped; the next list shows what there is then.
            _watch++;
            _simulator.After(_faults.Time(0.5, 20), _process, $"{_process.Name}: lists {typeof(T).Name} again", Refresh);
            return;
        }

        var (current, due) = (_watch, _simulator.Now + _faults.Lag());
        _lastDelivery = due > _lastDelivery ? due : _lastDelivery;
        _simulator.After(_lastDelivery - _simulator.Now, _process, null, () =>
        {
            if (current == _watch)
            {
                Apply(change);
            }
        });
    }

    private void Apply(ObjectChange<T> change)
    {
        var known = _objects.GetValueOrDefault(change.Key);
        if (change.Object is { } value && _keep(value) is { } kept)
        {
            _objects[change.Key] = kept;
            _changed(kept);
        }
        else if (known is not null)
        {
            _objects.Remove(change.Key);
            _changed(known);
        }
    }

    private void Refresh()
    {
        _watch++;
        List<T> gone =
        [
            .. _objects.Values.Where(known => _table.Get(ObjectKey.Of(known)) is not { } now || _keep(now) is null)
            .OrderBy(known => known.Metadata.Name, StringComparer.Ordinal),
        ];
        foreach (T known in gone)
        {
            _objects.Remove(ObjectKey.Of(known));
            _changed(known);
        }

        foreach (var value in _table.All.Select(_keep).OfType<T>())
        {
            _objects[ObjectKey.Of(value)] = value;
            _changed(value);
        }
    }
}
