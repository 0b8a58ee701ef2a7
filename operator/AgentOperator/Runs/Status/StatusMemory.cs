using System.Collections.Concurrent;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs;

/// <summary>
/// Remembers the status that this process wrote last, for as long as the cache still shows the object from before that write. Without it a reconcile
/// that comes sooner than the watch would decide from the old status, and count and report the same end twice.
/// </summary>
internal sealed class StatusMemory
{
    private readonly ConcurrentDictionary<ObjectKey, Entry> _written = new();

    /// <summary>The newest status that is known of a run.</summary>
    public AgentRunStatus? Newest(AgentRun run) =>
        _written.TryGetValue(ObjectKey.Of(run), out var entry) && entry.Uid == run.Metadata.Uid && entry.BasedOn == run.Metadata.ResourceVersion
            ? entry.Status
            : run.Status;

    /// <summary>When this process wrote the run's status last; null when it did not.</summary>
    public DateTimeOffset? WrittenAt(AgentRun run) =>
        _written.TryGetValue(ObjectKey.Of(run), out var entry) && entry.Uid == run.Metadata.Uid ? entry.At : null;

    public void Remember(AgentRun run, AgentRunStatus status, DateTimeOffset now) =>
        _written[ObjectKey.Of(run)] = new Entry(run.Metadata.Uid, run.Metadata.ResourceVersion, status, now);

    public void Forget(ObjectKey key) => _written.TryRemove(key, out _);

    private sealed record Entry(string Uid, string? BasedOn, AgentRunStatus Status, DateTimeOffset At);
}
