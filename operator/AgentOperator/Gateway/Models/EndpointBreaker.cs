using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The circuit breaker of one ModelEndpoint. It opens at once if a person must act or the provider names a long time, else after a few failures in a
/// row or a few seconds of them: only then runs wait, and those at work say why. When its time is over, one call at a time finds out whether the
/// provider is back. An outage that was reported belongs to all replicas: from then on the shared state rules, so that whoever mends it mends it for
/// all.
/// </summary>
/// <remarks>Polly's own breaker opens by a ratio of at least two calls and knows neither the outcome's time nor other replicas. ADR 18.</remarks>
internal sealed class EndpointBreaker(TimeProvider time)
{
    /// <summary>How many calls in a row fail before the breaker opens, if they say nothing about when it will pass.</summary>
    public const int FailuresToOpen = 3;

    private const int SlipsToOpen = 2;

    /// <summary>How long calls in a row fail before the breaker opens, however few they are. Each may wait for a connection.</summary>
    private static readonly TimeSpan LongestUntold = TimeSpan.FromSeconds(5);

    /// <summary>The break is as long as the outage has lasted, within these bounds: it doubles.</summary>
    private static readonly (TimeSpan Shortest, TimeSpan Longest) BreakOfOutage = (TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

    private static readonly (TimeSpan Shortest, TimeSpan Longest) BreakForPerson = (TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5));

    private readonly Lock _lock = new();
    private EndpointOutage? _outage;
    private EndpointOutage? _lastShared;
    private bool _isShared;
    private bool _isReporting;
    private bool _isProbing;
    private int _failures;
    private DateTimeOffset _failingSince;
    private int _slips;

    /// <summary>The outage that a call found.</summary>
    /// <param name="outcome">What became of the call.</param>
    /// <param name="before">The outage until now; null if there was none.</param>
    /// <param name="now">The current time.</param>
    public static EndpointOutage OutageOf(ProviderOutcome outcome, EndpointOutage? before, DateTimeOffset now)
    {
        var (reason, message, retryAfter, bounds) = outcome switch
        {
            ProviderOutcome.NeedsPerson person => (person.Cause, person.Reason, person.RetryAfter, BreakForPerson),
            ProviderOutcome.Unavailable unavailable => (Reasons.EndpointUnavailable, unavailable.Reason, unavailable.RetryAfter, BreakOfOutage),
            _ => throw new InvalidOperationException($"{outcome.GetType().Name} opens no breaker"),
        };
        var since = before?.Reason == reason ? before.Since : now;
        var seconds = Math.Clamp((now - since).TotalSeconds, bounds.Shortest.TotalSeconds, bounds.Longest.TotalSeconds);
        seconds = Math.Max(seconds, retryAfter?.TotalSeconds ?? 0);
        return new EndpointOutage(reason, message, since, Times.RoundUp(now.AddSeconds(seconds)))
        {
            SecretVersion = (outcome as ProviderOutcome.NeedsPerson)?.SecretVersion,
        };
    }

    /// <summary>The outage because of which no call may be made now; null if one may.</summary>
    public EndpointOutage? FindRefusal(EndpointOutage? shared)
    {
        lock (_lock)
        {
            Follow(shared);
            return _outage is not null && (_outage.RetryAt > time.GetUtcNow() || _isProbing) ? _outage : null;
        }
    }

    /// <summary>Lets a call through, or says why not. Each call that is let through must <see cref="Leave"/>.</summary>
    public (EndpointOutage? Refusal, bool IsProbe) Enter(EndpointOutage? shared)
    {
        lock (_lock)
        {
            Follow(shared);
            if (_outage is null)
            {
                return (null, false);
            }

            if (_outage.RetryAt > time.GetUtcNow() || _isProbing)
            {
                return (_outage, false);
            }

            _isProbing = true;
            return (null, true);
        }
    }

    /// <summary>Takes note of what became of a call.</summary>
    /// <param name="isProbe">What <see cref="Enter"/> said.</param>
    /// <param name="outcome">Null if the call says nothing of the provider.</param>
    /// <returns>The outage, if this call opened the breaker.</returns>
    public EndpointOutage? Leave(bool isProbe, ProviderOutcome? outcome)
    {
        lock (_lock)
        {
            _isProbing &= !isProbe;
            if (outcome is null or ProviderOutcome.Superseded or ProviderOutcome.RunDeleted || (!isProbe && _outage is not null))
            {
                // Nothing was learned, or the call was made before the breaker opened.
                return null;
            }

            if (!IsFailure(outcome))
            {
                (_outage, _isShared, _failures, _slips) = (null, false, 0, 0);
                return null;
            }

            _failingSince = _failures == 0 ? time.GetUtcNow() : _failingSince;
            _failures++;
            _slips = IsSlip(outcome) ? _slips + 1 : 0;
            if (!isProbe && !Opens(outcome))
            {
                return null;
            }

            (_outage, _isShared) = (OutageOf(outcome, _outage, time.GetUtcNow()), false);
            return _outage;
        }
    }

    /// <summary>
    /// Whether the outage is to be reported: the other replicas do not know of it, and nobody is reporting it. Each true must be followed by
    /// <see cref="EndReport"/>.
    /// </summary>
    public bool BeginReport(EndpointOutage outage)
    {
        lock (_lock)
        {
            if (_isShared || _isReporting || !ReferenceEquals(_outage, outage))
            {
                return false;
            }

            return _isReporting = true;
        }
    }

    /// <summary>A report has ended.</summary>
    /// <param name="outage">What was reported.</param>
    /// <param name="isShared">Whether all replicas know of it now.</param>
    public void EndReport(EndpointOutage outage, bool isShared)
    {
        lock (_lock)
        {
            _isReporting = false;
            _isShared |= isShared && ReferenceEquals(_outage, outage);
        }
    }

    /// <summary>What the replicas share rules, but for an outage that only this one knows. That gives way once they learn something new.</summary>
    private void Follow(EndpointOutage? shared)
    {
        if (_isShared || _outage is null || shared != _lastShared)
        {
            (_failures, _slips) = _outage is not null && shared is null ? (0, 0) : (_failures, _slips);
            (_outage, _isShared) = (shared, shared is not null);
        }

        _lastShared = shared;
    }

    /// <summary>What is about one model is a matter of the runs that ask for it: the endpoint answers.</summary>
    private static bool IsFailure(ProviderOutcome outcome) =>
        outcome is ProviderOutcome.Unavailable or ProviderOutcome.NeedsPerson { IsOfTheModel: false };

    /// <summary>One odd or late answer may be a proxy's slip.</summary>
    private static bool IsSlip(ProviderOutcome outcome) =>
        outcome is ProviderOutcome.NeedsPerson { Cause: Reasons.UnexpectedAnswer or Reasons.AnswerTooSlow };

    private bool Opens(ProviderOutcome outcome) => outcome switch
    {
        _ when IsSlip(outcome) => _slips >= SlipsToOpen || _failures >= FailuresToOpen,
        ProviderOutcome.NeedsPerson => true,
        ProviderOutcome.Unavailable unavailable => _failures >= FailuresToOpen || time.GetUtcNow() - _failingSince >= LongestUntold
            || unavailable.RetryAfter > EndpointStrategies.LongestWait,
        _ => false,
    };
}
