namespace AgentOperator.ControlRuntime;

/// <summary>
/// Wakes keys for something that no informer sees, such as a store outside the API server. Register it as a singleton, give it to
/// <see cref="ControllerBuilder.Watches(Func{IServiceProvider, ChannelSource})" />, and call <see cref="Wake" /> from anywhere.
/// A wake-up is a hint, not data: the reconciler reads what changed from its store.
/// </summary>
/// <param name="capacity">How many different keys may wait for the controller at the same time. Default 10,000.</param>
public sealed class ChannelSource(int capacity = ChannelSource.DefaultCapacity)
{
    /// <summary>The default of the capacity.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock _lock = new();
    private readonly int _capacity = capacity > 0
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "The capacity is at least 1.");
    private IReadOnlyList<ChannelFeed> _feeds = [];

    /// <summary>
    /// Queues a key for every controller that watches this source. It never blocks, and a key that waits already is queued once. When more keys
    /// wait than there is room for, all objects of the reconciled kind are queued instead: no wake-up is lost. While no controller runs, as on a
    /// replica that does not lead, it does nothing: a controller begins with all objects.
    /// </summary>
    /// <param name="key">The object to reconcile.</param>
    public void Wake(ObjectKey key)
    {
        foreach (var feed in Volatile.Read(ref _feeds))
        {
            feed.Add(key);
        }
    }

    /// <param name="enqueue">Takes a key.</param>
    /// <param name="all">Every object of the reconciled kind.</param>
    /// <returns>Ends the feeding when disposed.</returns>
    internal IDisposable Start(Action<ObjectKey, bool> enqueue, Func<IEnumerable<ObjectKey>> all)
    {
        var feed = new ChannelFeed(_capacity, enqueue, all, Remove);
        lock (_lock)
        {
            Volatile.Write(ref _feeds, [.. _feeds, feed]);
        }

        return feed;
    }

    private void Remove(ChannelFeed feed)
    {
        lock (_lock)
        {
            Volatile.Write(ref _feeds, [.. _feeds.Where(other => other != feed)]);
        }
    }
}
