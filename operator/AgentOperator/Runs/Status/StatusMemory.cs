using System.Collections.Concurrent;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Runs.Status;

/// <summary>
/// Remembers the status that this process wrote last, for as long as the cache still shows the object from before that write. Without it a reconcile
/// that comes sooner than the watch would decide from the old status, and count and report the same end twice. Also remembers the status
/// that the server refused, so that it is not sent again with every reconcile.
/// </summary>
internal sealed class StatusMemory
{
    /// <summary>More writes than come between two looks of a watch.</summary>
    private const int MaxReplaced = 16;

    private readonly ConcurrentDictionary<ObjectKey, Entry> _written = new();
    private readonly ConcurrentDictionary<ObjectKey, Refusal> _refused = new();

    /// <summary>The newest status that is known of a run.</summary>
    public AgentRunStatus? Newest(AgentRun run) => Ahead(run)?.Status ?? run.Status;

    /// <summary>When this process wrote the run's status last; null when it did not.</summary>
    public DateTimeOffset? WrittenAt(AgentRun run) =>
        _written.TryGetValue(ObjectKey.Of(run), out var entry) && entry.Uid == run.Metadata.Uid ? entry.At : null;

    /// <summary>The version of the run that <see cref="Newest"/> is the status of: what the next write must find.</summary>
    public string? NewestVersion(AgentRun run) => Ahead(run) is { } entry ? entry.Version : run.Metadata.ResourceVersion;

    /// <param name="run">The run as it was in the cache when the status was written.</param>
    /// <param name="status">What was written.</param>
    /// <param name="version">The run's version with it.</param>
    /// <param name="now">When.</param>
    public void Remember(AgentRun run, AgentRunStatus status, string version, DateTimeOffset now)
    {
        // The cache may have seen only some of this process's last writes: all that they replaced is older than the newest.
        string?[] replaced = Ahead(run) is { } entry ? [.. entry.Replaced.TakeLast(MaxReplaced - 1), entry.Version] : [run.Metadata.ResourceVersion];
        _written[ObjectKey.Of(run)] = new Entry(run.Metadata.Uid, replaced, version.Length > 0 ? version : null, status, now);
    }

    /// <summary>Remembers a status that the server refused for its content.</summary>
    public void RememberRefused(AgentRun run, AgentRunStatus status) => _refused[ObjectKey.Of(run)] = new Refusal(run.Metadata.Uid, status);

    /// <summary>Whether the server refused a status of this run with the same texts. A status with others is worth a try.</summary>
    public bool IsRefused(AgentRun run, AgentRunStatus status) =>
        _refused.TryGetValue(ObjectKey.Of(run), out var refusal) && refusal.Uid == run.Metadata.Uid
        && PlainStatus.HaveSameTexts(refusal.Status, status);

    public void Forget(ObjectKey key)
    {
        _written.TryRemove(key, out _);
        _refused.TryRemove(key, out _);
    }

    /// <summary>What this process wrote after the version that the cache shows; null when the cache is not behind it.</summary>
    private Entry? Ahead(AgentRun run) =>
        _written.TryGetValue(ObjectKey.Of(run), out var entry) && entry.Uid == run.Metadata.Uid && entry.Replaced.Contains(run.Metadata.ResourceVersion) ? entry : null;

    private sealed record Entry(string Uid, IReadOnlyList<string?> Replaced, string? Version, AgentRunStatus Status, DateTimeOffset At);

    private sealed record Refusal(string Uid, AgentRunStatus Status);
}
