using System.Collections.Concurrent;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Calls of providers that are under way, and answers that came but are not committed yet. A call belongs to its step and not to the
/// connection that asked: when the runner dies while the model thinks, the call goes on, and the next attempt finds it here.
/// </summary>
internal sealed class PaidAnswers(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<(string RunUid, string StepKey), Entry> _calls = new();

    /// <summary>Joins the step's call, or makes it.</summary>
    public Task<ProviderOutcome> GetOrCallAsync(string runUid, string stepKey, Func<Task<ProviderOutcome>> call)
    {
        Sweep();
        var entry = _calls.GetOrAdd((runUid, stepKey), key => new Entry(
            new Lazy<Task<ProviderOutcome>>(() => RunAsync(key, call)), time.GetUtcNow()));
        return entry.Call.Value;
    }

    /// <summary>The step's call, when it is under way here or its answer is in hand; null when there is none.</summary>
    public Task<ProviderOutcome>? Find(string runUid, string stepKey) =>
        _calls.TryGetValue((runUid, stepKey), out var entry) ? entry.Call.Value : null;

    /// <summary>The answer is in the journal: it need not be kept here.</summary>
    public void Committed(string runUid, string stepKey) => _calls.TryRemove((runUid, stepKey), out _);

    private async Task<ProviderOutcome> RunAsync((string, string) key, Func<Task<ProviderOutcome>> call)
    {
        ProviderOutcome? outcome = null;
        try
        {
            return outcome = await call();
        }
        finally
        {
            if (outcome is not ProviderOutcome.Answered)
            {
                // Nothing was paid: the next request makes a new call.
                _calls.TryRemove(key, out _);
            }
        }
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (key, entry) in _calls)
        {
            if (now - entry.Since > Kept && entry.Call is { IsValueCreated: true, Value.IsCompleted: true })
            {
                _calls.TryRemove(key, out _);
            }
        }
    }

    private sealed record Entry(Lazy<Task<ProviderOutcome>> Call, DateTimeOffset Since);
}
