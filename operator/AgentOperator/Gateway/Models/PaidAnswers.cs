using System.Collections.Concurrent;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Calls of providers that are under way, and answers that came but are not committed yet: one for each run. A call belongs to its step and not to
/// the connection that asked. When the runner dies while the model thinks, the call goes on, and the next attempt finds it here.
/// </summary>
internal sealed class PaidAnswers(TimeProvider time)
{
    private const int InProgressRetrySeconds = 5;

    /// <summary>How long an answer that nobody commits is kept, from when it came.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, Entry> _calls = new();

    /// <summary>Joins the step's call, or makes it.</summary>
    /// <exception cref="GatewayException">A call of another step of the run is under way.</exception>
    public Task<ProviderOutcome> GetOrCallAsync(string runUid, string stepKey, Func<Task<ProviderOutcome>> call)
    {
        Sweep();
        var made = new Entry(stepKey);
        made.Call = new Lazy<Task<ProviderOutcome>>(() => RunAsync(runUid, made, call));
        while (true)
        {
            var entry = _calls.GetOrAdd(runUid, made);
            if (entry.StepKey == stepKey)
            {
                return entry.Call.Value;
            }

            if (entry.CameAt is null)
            {
                throw GatewayException.CallInProgress(InProgressRetrySeconds);
            }

            // The run has gone on without that answer.
            if (_calls.TryUpdate(runUid, made, entry))
            {
                return made.Call.Value;
            }
        }
    }

    /// <summary>The step's call, when it is under way here or its answer is in hand; null when there is none.</summary>
    public Task<ProviderOutcome>? Find(string runUid, string stepKey) =>
        _calls.TryGetValue(runUid, out var entry) && entry.StepKey == stepKey ? entry.Call.Value : null;

    /// <summary>The answer is in the journal: it need not be kept here.</summary>
    public void Committed(string runUid, string stepKey)
    {
        if (_calls.TryGetValue(runUid, out var entry) && entry.StepKey == stepKey)
        {
            Remove(runUid, entry);
        }
    }

    private async Task<ProviderOutcome> RunAsync(string runUid, Entry entry, Func<Task<ProviderOutcome>> call)
    {
        ProviderOutcome? outcome = null;
        try
        {
            return outcome = await call();
        }
        finally
        {
            entry.CameAt = time.GetUtcNow();
            if (outcome is not ProviderOutcome.Answered)
            {
                // Nothing was paid: the next request makes a new call.
                Remove(runUid, entry);
            }
        }
    }

    private void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var (runUid, entry) in _calls)
        {
            if (now - entry.CameAt > Kept)
            {
                Remove(runUid, entry);
            }
        }
    }

    private void Remove(string runUid, Entry entry) => _calls.TryRemove(new KeyValuePair<string, Entry>(runUid, entry));

    private sealed class Entry(string stepKey)
    {
        public string StepKey { get; } = stepKey;

        public Lazy<Task<ProviderOutcome>> Call { get; set; } = null!;

        /// <summary>When the call ended; null while it is under way.</summary>
        public DateTimeOffset? CameAt { get; set; }
    }
}
