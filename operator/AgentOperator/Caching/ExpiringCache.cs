using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace AgentOperator.Caching;

/// <summary>
/// Remembers answers for a while. Unlike MemoryCache it goes by the injected clock and starts no work of its own: expired entries are removed when
/// the cache has doubled since the last time.
/// </summary>
/// <param name="capacity">How many entries are kept at most. While that many are alive, no further one is remembered.</param>
/// <param name="time">The clock.</param>
internal sealed class ExpiringCache<TKey, TValue>(int capacity, TimeProvider time)
    where TKey : notnull
{
    private const int FirstSweep = 64;

    private readonly ConcurrentDictionary<TKey, (TValue Value, long Remembered, TimeSpan Lifetime)> _entries = new();
    private int _sweepAt;

    /// <summary>Entries that are kept, expired ones included.</summary>
    public int Count => _entries.Count;

    /// <summary>The value of a key that was set no longer ago than its lifetime.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var found = _entries.TryGetValue(key, out var entry) && IsAlive(entry.Remembered, entry.Lifetime);
        value = entry.Value;
        return found;
    }

    /// <summary>Remembers a value, in place of the key's earlier one.</summary>
    public void Set(TKey key, TValue value, TimeSpan lifetime)
    {
        if (_entries.Count >= Volatile.Read(ref _sweepAt))
        {
            Sweep();
        }

        if (_entries.Count < capacity || _entries.ContainsKey(key))
        {
            _entries[key] = (value, time.GetTimestamp(), lifetime);
        }
    }

    private void Sweep()
    {
        foreach (var (key, entry) in _entries)
        {
            if (!IsAlive(entry.Remembered, entry.Lifetime))
            {
                _entries.TryRemove(KeyValuePair.Create(key, entry));
            }
        }

        Volatile.Write(ref _sweepAt, Math.Clamp(2 * _entries.Count, Math.Min(FirstSweep, capacity), capacity));
    }

    private bool IsAlive(long remembered, TimeSpan lifetime) => time.GetElapsedTime(remembered) < lifetime;
}
