using System.Collections.Concurrent;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Recovery;

/// <summary>
/// Tracks how long each run's agent has been silent, as observed by this process. A gap between observations resets the silence: this process or the
/// API server was unavailable, or a clock was set.
/// </summary>
internal sealed class LivenessTracker
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> _seen = new();

    /// <summary>Records an observation of a run.</summary>
    /// <param name="key">The run.</param>
    /// <param name="sign">What was seen.</param>
    /// <param name="now">The time of the observation.</param>
    /// <param name="longestGap">A longer gap between two observations resets the silence.</param>
    /// <returns>When the agent's silence began.</returns>
    public DateTimeOffset Look(ObjectKey key, Liveness sign, DateTimeOffset now, TimeSpan longestGap) =>
        _seen.AddOrUpdate(
            key,
            _ => new Entry(now, now, sign),
            (_, entry) =>
                new Entry(
                    entry.Sign == sign && now >= entry.Last && now - entry.Last <= longestGap ? entry.SilentSince : now, now, sign)).SilentSince;

    /// <summary>Whether the pod has committed since the last observation.</summary>
    public bool IsNews(ObjectKey key, Liveness sign) =>
        _seen.TryGetValue(key, out var entry) && entry.Sign.PodUid == sign.PodUid && entry.Sign.Sequence < sign.Sequence;

    public void Forget(ObjectKey key) => _seen.TryRemove(key, out _);

    private sealed record Entry(DateTimeOffset SilentSince, DateTimeOffset Last, Liveness Sign);
}
