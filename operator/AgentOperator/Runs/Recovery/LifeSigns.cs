using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// Knows since when each run's agent has been silent, by this process's own looking: a gap in it means that this process was not listening, and nor
/// perhaps was the API server, or that a clock was set.
/// </summary>
internal sealed class LifeSigns
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> _seen = new();

    /// <summary>Notes a look at a run.</summary>
    /// <param name="key">The run.</param>
    /// <param name="sign">What was seen.</param>
    /// <param name="now">The time of the look.</param>
    /// <param name="longestGap">After a pause between two looks that is longer the silence begins anew.</param>
    /// <returns>Since when the agent has been silent.</returns>
    public DateTimeOffset Look(ObjectKey key, LifeSign sign, DateTimeOffset now, TimeSpan longestGap) =>
        _seen.AddOrUpdate(
            key,
            _ => new Entry(now, now, sign),
            (_, entry) => new Entry(entry.Sign == sign && now >= entry.Last && now - entry.Last <= longestGap ? entry.SilentSince : now, now, sign)).SilentSince;

    /// <summary>Whether a pod that was looked at before has committed since.</summary>
    public bool IsNews(ObjectKey key, LifeSign sign) =>
        _seen.TryGetValue(key, out var entry) && entry.Sign.PodUid == sign.PodUid && entry.Sign.Sequence < sign.Sequence;

    public void Forget(ObjectKey key) => _seen.TryRemove(key, out _);

    private sealed record Entry(DateTimeOffset SilentSince, DateTimeOffset Last, LifeSign Sign);
}
