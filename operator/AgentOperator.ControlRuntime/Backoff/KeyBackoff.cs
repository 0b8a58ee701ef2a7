using System.Collections.Concurrent;

namespace AgentOperator.ControlRuntime;

/// <summary>Counts the failures of each key, so that a failing key slows down and the others do not.</summary>
internal sealed class KeyBackoff<TKey>(ExponentialDelay delay)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _failures = new();

    public TimeSpan Next(TKey key) => delay.For(_failures.AddOrUpdate(key, 1, (_, failures) => failures + 1) - 1);

    public void Forget(TKey key) => _failures.TryRemove(key, out _);
}
