using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Remembers the status that this process wrote last, for as long as the cache still shows the object from before that write. Without it a reconcile
/// that comes sooner than the watch would decide from the old status, and count and report the same change twice. Also remembers the status
/// that the server refused, so that it is not sent again with every reconcile.
/// </summary>
/// <typeparam name="T">The kind of object.</typeparam>
/// <typeparam name="TStatus">Its status.</typeparam>
/// <param name="statusOf">The status of an object as the cache has it.</param>
/// <param name="refusedAlike">Whether the server's refusal of one status holds for another.</param>
public class StatusMemory<T, TStatus>(Func<T, TStatus?> statusOf, Func<TStatus, TStatus, bool> refusedAlike)
    where T : IKubernetesObject<V1ObjectMeta>
    where TStatus : class
{
    /// <summary>More writes than come between two looks of a watch.</summary>
    private const int MaxReplaced = 16;

    private readonly ConcurrentDictionary<ObjectKey, Entry> _written = new();
    private readonly ConcurrentDictionary<ObjectKey, Refusal> _refused = new();

    /// <summary>The newest status that is known of an object.</summary>
    /// <param name="cached">The object as the cache has it.</param>
    /// <returns>The status; null when it has none.</returns>
    public TStatus? Newest(T cached) => Ahead(cached)?.Status ?? statusOf(cached);

    /// <summary>What this process wrote last. Somebody else may have written the status since.</summary>
    /// <param name="cached">The object as the cache has it.</param>
    /// <returns>The status; null when it did not.</returns>
    public TStatus? LastWritten(T cached) => Find(cached)?.Status;

    /// <summary>When this process wrote the object's status last.</summary>
    /// <param name="cached">The object as the cache has it.</param>
    /// <returns>The time; null when it did not.</returns>
    public DateTimeOffset? WrittenAt(T cached) => Find(cached)?.At;

    /// <summary>The version of the object that <see cref="Newest"/> is the status of: what the next write must find.</summary>
    /// <param name="cached">The object as the cache has it.</param>
    /// <returns>The version; null when the server did not say.</returns>
    public string? NewestVersion(T cached) => Ahead(cached) is { } entry ? entry.Version : cached.Metadata.ResourceVersion;

    /// <summary>Remembers a status that was written.</summary>
    /// <param name="cached">The object as it was in the cache when the status was written.</param>
    /// <param name="status">What was written.</param>
    /// <param name="version">The object's version with it.</param>
    /// <param name="now">When.</param>
    public void Remember(T cached, TStatus status, string version, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(version);

        // Every version that this process has overwritten is older than the newest. The cache may still show any of them.
        string?[] replaced = Ahead(cached) is { } entry
            ? [.. entry.Replaced.TakeLast(MaxReplaced - 1), entry.Version]
            : [cached.Metadata.ResourceVersion];
        _written[ObjectKey.Of(cached)] = new Entry(cached.Metadata.Uid, replaced, version.Length > 0 ? version : null, status, now);
    }

    /// <summary>Remembers a status that the server refused for its content.</summary>
    /// <param name="cached">The object as the cache has it.</param>
    /// <param name="status">What was refused.</param>
    public void RememberRefused(T cached, TStatus status) => _refused[ObjectKey.Of(cached)] = new Refusal(cached.Metadata.Uid, status);

    /// <summary>Whether the server refused a status of this object that is like another. A different one is worth a try.</summary>
    /// <param name="cached">The object as the cache has it.</param>
    /// <param name="status">What would be written.</param>
    /// <returns>True when it would be refused again.</returns>
    public bool IsRefused(T cached, TStatus status) =>
        _refused.TryGetValue(ObjectKey.Of(cached), out var refusal) && refusal.Uid == cached.Metadata.Uid && refusedAlike(refusal.Status, status);

    /// <summary>Forgets an object that has gone.</summary>
    /// <param name="key">The object.</param>
    public void Forget(ObjectKey key)
    {
        _written.TryRemove(key, out _);
        _refused.TryRemove(key, out _);
    }

    /// <summary>What this process wrote last to this very object; null when it did not.</summary>
    private Entry? Find(T cached) => _written.TryGetValue(ObjectKey.Of(cached), out var entry) && entry.Uid == cached.Metadata.Uid ? entry : null;

    /// <summary>What this process wrote after the version that the cache shows; null when the cache is not behind it.</summary>
    private Entry? Ahead(T cached) => Find(cached) is { } entry && entry.Replaced.Contains(cached.Metadata.ResourceVersion) ? entry : null;

    private sealed record Entry(string Uid, IReadOnlyList<string?> Replaced, string? Version, TStatus Status, DateTimeOffset At);

    private sealed record Refusal(string Uid, TStatus Status);
}
