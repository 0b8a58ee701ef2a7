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
    private readonly Func<T, T?> keep;
    private readonly Dictionary<ObjectKey, T> objects = [];
    private TimeSpan lastDelivery;
    private int watch;

    /// <param name="simulator">The simulation.</param>
    /// <param name="faults">What strikes.</param>
    /// <param name="process">The replica.</param>
    /// <param name="table">The server's objects.</param>
    /// <param name="changed">Is told of each change.</param>
    /// <param name="keep">What the cache keeps of an object; null for none of it, as when it is not selected.</param>
    public WatchCache(Simulator simulator, FaultPlan faults, SimulatedProcess process, ObjectTable<T> table, Action<T> changed, Func<T, T?> keep)
    {
        (this.simulator, this.faults, this.process, this.table, this.changed, this.keep) = (simulator, faults, process, table, changed, keep);
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
        if (change.Object is { } value && keep(value) is { } kept)
        {
            objects[change.Key] = kept;
            changed(kept);
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
        List<T> gone =
        [
            .. objects.Values.Where(known => table.Get(ObjectKey.Of(known)) is not { } now || keep(now) is null)
            .OrderBy(known => known.Metadata.Name, StringComparer.Ordinal),
        ];
        foreach (T known in gone)
        {
            objects.Remove(ObjectKey.Of(known));
            changed(known);
        }

        foreach (var value in table.All.Select(keep).OfType<T>())
        {
            objects[ObjectKey.Of(value)] = value;
            changed(value);
        }
    }
}
