using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Faults;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Chaos.Cluster;

/// <summary>
/// Feeds one replica's cache of one kind: in order, but late. A watch that breaks leaves it as it is until it lists again; what came and went in
/// between is never seen.
/// </summary>
internal sealed class Watch<T>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly Simulator _simulator;
    private readonly FaultPlan _faults;
    private readonly SimulatedProcess _process;
    private readonly ObjectTable<T> _table;
    private readonly InformerOptions<T> _options;
    private readonly IReflectorSink<T> _cache;
    private TimeSpan _lastDelivery;
    private int _watch;

    public Watch(World world, SimulatedProcess process, ObjectTable<T> table, InformerOptions<T> options, IReflectorSink<T> cache) =>
        (_simulator, _faults, _process, _table, _options, _cache) = (world.Simulator, world.Faults, process, table, options, cache);

    public void Start()
    {
        List();
        _table.Changed += Deliver;
    }

    private void Deliver(ObjectChange<T> change)
    {
        if (_process.IsDead)
        {
            return;
        }

        if (_faults.Strikes(_faults.Relists))
        {
            // Events of the broken watch are dropped; the next list shows what there is then.
            _watch++;
            _simulator.After(_faults.Time(0.5, 20), _process, $"{_process.Name}: lists {typeof(T).Name} again", List);
            return;
        }

        var (current, due) = (_watch, _simulator.Now + _faults.Lag());
        _lastDelivery = due > _lastDelivery ? due : _lastDelivery;
        _simulator.After(_lastDelivery - _simulator.Now, _process, null, () =>
        {
            if (current == _watch)
            {
                var kept = change.Object is { } value && IsSelected(value);
                _cache.Apply(kept ? WatchEventType.Modified : WatchEventType.Deleted, Read(change.Key, kept ? change.Object : null));
            }
        });
    }

    private void List()
    {
        _watch++;
        _cache.Replace([.. _table.All.Where(IsSelected).Select(value => Read(ObjectKey.Of(value), value))]);
    }

    private ReadObject<T> Read(ObjectKey key, T? value) =>
        new(key, "", value is not null && _options.Transform is { } transform ? transform(value) : value, null);

    private bool IsSelected(T value) => (_options.LabelSelector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).All(term =>
        term.Split('=') switch
        {
            [['!', .. var absent]] => value.Metadata.Labels?.ContainsKey(absent) != true,
            [var label, var wanted] => value.Metadata.Labels?.TryGetValue(label, out var found) == true && found == wanted,
            _ => value.Metadata.Labels?.ContainsKey(term) == true,
        });
}
