using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs;

/// <summary>Knows since when each run was looked at without a gap. A gap means that this process was not listening, and nor perhaps was the API server.</summary>
internal sealed class WatchLog
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> _seen = new();

    /// <summary>Notes a look at a run.</summary>
    /// <param name="key">The run.</param>
    /// <param name="now">The time of the look.</param>
    /// <param name="longestGap">A pause between two looks that is longer starts the watch anew.</param>
    /// <returns>Since when the run is watched.</returns>
    public DateTimeOffset Look(ObjectKey key, DateTimeOffset now, TimeSpan longestGap) =>
        _seen.AddOrUpdate(
            key,
            _ => new Entry(now, now),
            (_, entry) => new Entry(now - entry.Last > longestGap ? now : entry.Since, now)).Since;

    public void Forget(ObjectKey key) => _seen.TryRemove(key, out _);

    private sealed record Entry(DateTimeOffset Since, DateTimeOffset Last);
}
