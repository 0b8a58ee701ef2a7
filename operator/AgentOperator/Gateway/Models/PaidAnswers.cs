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

    /// <summary>
    /// Joins the step's call, or makes it. When the call that it joins turns out not to be sent, since an attempt has taken over, this one is made in
    /// its place: whoever waits for the step gets what came of it, and at no moment does it look as if there were none.
    /// </summary>
    /// <exception cref="GatewayException">A call of another step of the run is under way.</exception>
    public Task<ProviderOutcome> GetOrCallAsync(string runUid, string stepKey, Func<Task<ProviderOutcome>> call)
    {
        Sweep();
        var made = new Entry(stepKey, call);
        made.Call = new Lazy<Task<ProviderOutcome>>(() => RunAsync(runUid, made));
        while (true)
        {
            var entry = _calls.GetOrAdd(runUid, made);
            if (entry == made || (entry.StepKey == stepKey && entry.TryJoin(call)))
            {
                return entry.Call.Value;
            }

            if (entry.CameAt is null)
            {
                throw GatewayException.CallInProgress(InProgressRetrySeconds);
            }

            // The run has gone on without that answer, or there was none.
            if (_calls.TryUpdate(runUid, made, entry))
            {
                return made.Call.Value;
            }
        }
    }

    /// <summary>The step's call, when it is under way here or its answer is in hand; null when there is none.</summary>
    public Task<ProviderOutcome>? Find(string runUid, string stepKey) =>
        _calls.TryGetValue(runUid, out var entry) && entry.StepKey == stepKey ? entry.Call.Value : null;

    /// <summary>The UIDs of the runs whose answer is in hand and not committed.</summary>
    public IReadOnlySet<string> Uncommitted() =>
        _calls.Where(call => call.Value.CameAt is not null).Select(call => call.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>The answer is in the journal: it need not be kept here. A new call under the same key, which is under way, is kept.</summary>
    public void Committed(string runUid, string stepKey)
    {
        if (_calls.TryGetValue(runUid, out var entry) && entry.StepKey == stepKey && entry.CameAt is not null)
        {
            Remove(runUid, entry);
        }
    }

    private async Task<ProviderOutcome> RunAsync(string runUid, Entry entry)
    {
        ProviderOutcome? outcome = null;
        try
        {
            while (entry.TakeNext(outcome, time.GetUtcNow()) is { } call)
            {
                outcome = await call();
            }

            return outcome!;
        }
        finally
        {
            entry.End(outcome, time.GetUtcNow());
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

    /// <summary>A step's call, and those to make in its place if it is not sent.</summary>
    private sealed class Entry
    {
        private readonly Lock _lock = new();
        private readonly Queue<Func<Task<ProviderOutcome>>> _calls = new();
        private DateTimeOffset? _cameAt;
        private bool _isPaid;

        public Entry(string stepKey, Func<Task<ProviderOutcome>> call)
        {
            StepKey = stepKey;
            _calls.Enqueue(call);
        }

        public string StepKey { get; }

        public Lazy<Task<ProviderOutcome>> Call { get; set; } = null!;

        /// <summary>When the call ended; null while it is under way.</summary>
        public DateTimeOffset? CameAt
        {
            get
            {
                lock (_lock)
                {
                    return _cameAt;
                }
            }
        }

        /// <summary>Adds a call to make if those before it are not sent.</summary>
        /// <returns>False when the call has ended and nothing was paid.</returns>
        public bool TryJoin(Func<Task<ProviderOutcome>> call)
        {
            lock (_lock)
            {
                if (_cameAt is null)
                {
                    _calls.Enqueue(call);
                }

                return _cameAt is null || _isPaid;
            }
        }

        /// <summary>The call to make after one with this outcome; null if there is none, and then nobody joins any more.</summary>
        public Func<Task<ProviderOutcome>>? TakeNext(ProviderOutcome? outcome, DateTimeOffset now)
        {
            lock (_lock)
            {
                if (outcome is null or ProviderOutcome.Superseded && _calls.TryDequeue(out var call))
                {
                    return call;
                }

                End(outcome, now);
                return null;
            }
        }

        /// <summary>The call ended with this outcome, or without one.</summary>
        public void End(ProviderOutcome? outcome, DateTimeOffset now)
        {
            lock (_lock)
            {
                _cameAt ??= now;
                _isPaid = outcome is ProviderOutcome.Answered;

                // Each holds its request's body.
                _calls.Clear();
            }
        }
    }
}
