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
    private readonly Simulator simulator;
    private readonly FaultPlan faults;
    private readonly SimulatedProcess process;
    private readonly ObjectTable<T> table;
    private readonly Action<T> changed;
    private readonly Dictionary<ObjectKey, T> objects = [];
    private TimeSpan lastDelivery;
    private int watch;

    public WatchCache(Simulator simulator, FaultPlan faults, SimulatedProcess process, ObjectTable<T> table, Action<T> changed)
    {
        (this.simulator, this.faults, this.process, this.table, this.changed) = (simulator, faults, process, table, changed);
        Refresh();
        table.Changed += Deliver;
    }

    public bool HasSynced => true;

    public T? Get(ObjectKey key) => objects.GetValueOrDefault(key);

    public IReadOnlyList<T> List(string? namespaceName = null) => [.. Sorted()];

    public IReadOnlyList<T> ByOwner(string ownerUid) =>
        [.. Sorted().Where(value => value.Metadata.OwnerReferences?.Any(owner => owner.Controller == true && owner.Uid == ownerUid) == true)];

    public IReadOnlyList<T> ByIndex(string index, string value) => throw new ArgumentException($"no index {index}", nameof(index));

    /// <summary>Stops listening: the replica is gone.</summary>
    public void Stop() => table.Changed -= Deliver;

    private IOrderedEnumerable<T> Sorted() => objects.Values.OrderBy(value => value.Metadata.Name, StringComparer.Ordinal);

    private void Deliver(ObjectChange<T> change)
    {
        if (faults.Strikes(faults.Relists))
        {
            // Events of the broken watch are dropped; the next list shows what there is then.
            watch++;
            simulator.After(faults.Time(0.5, 20), process, $"{process.Name}: lists {typeof(T).Name} again", Refresh);
            return;
        }

        var (current, due) = (watch, simulator.Now + faults.Lag());
        lastDelivery = due > lastDelivery ? due : lastDelivery;
        simulator.After(lastDelivery - simulator.Now, process, null, () =>
        {
            if (current == watch)
            {
                Apply(change);
            }
        });
    }

    private void Apply(ObjectChange<T> change)
    {
        var known = objects.GetValueOrDefault(change.Key);
        if (change.Object is { } value)
        {
            objects[change.Key] = value;
            changed(value);
        }
        else if (known is not null)
        {
            objects.Remove(change.Key);
            changed(known);
        }
    }

    private void Refresh()
    {
        watch++;
        List<T> gone = [.. objects.Values.Where(known => table.Get(ObjectKey.Of(known)) is null).OrderBy(known => known.Metadata.Name, StringComparer.Ordinal)];
        foreach (T known in gone)
        {
            objects.Remove(ObjectKey.Of(known));
            changed(known);
        }

        foreach (var value in table.All)
        {
            objects[ObjectKey.Of(value)] = value;
            changed(value);
        }
    }
}
