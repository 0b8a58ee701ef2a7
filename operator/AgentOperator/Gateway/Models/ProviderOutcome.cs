using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>What one call of a provider came to.</summary>
internal abstract record ProviderOutcome
{
    /// <summary>How long callers wait while one of them finds out whether an outage has passed.</summary>
    private static readonly TimeSpan WhileProbing = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan UnavailableRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan NeedsPersonRetry = TimeSpan.FromSeconds(60);

    /// <summary>When to try again, if the endpoint is unavailable or a person has to mend it; null for any other outcome.</summary>
    public TimeSpan? RetryAfterOrDefault => this switch
    {
        Unavailable unavailable => unavailable.RetryAfter ?? UnavailableRetry,
        NeedsPerson person => person.RetryAfter ?? NeedsPersonRetry,
        _ => null,
    };

    /// <summary>What a call comes to that is not made because of an outage.</summary>
    public static ProviderOutcome Of(EndpointOutage outage, DateTimeOffset now)
    {
        var left = outage.RetryAt - now;
        var wait = left > TimeSpan.Zero ? left : WhileProbing;
        return outage.Reason == Reasons.EndpointUnavailable
            ? new Unavailable(outage.Message, wait)
            : new NeedsPerson(outage.Reason, outage.Message, wait) { SecretVersion = outage.SecretVersion };
    }

    /// <summary>The same outcome, to be tried again after another time.</summary>
    public ProviderOutcome WithRetryAfter(TimeSpan wait) => this switch
    {
        Unavailable unavailable => unavailable with { RetryAfter = wait },
        NeedsPerson person => person with { RetryAfter = wait },
        _ => this,
    };

    /// <summary>An answer: it is paid.</summary>
    public sealed record Answered(ModelAnswerPayload Answer) : ProviderOutcome
    {
        /// <summary>The calls before it that brought nothing; they are committed with the answer. Null if there were none.</summary>
        public ModelCallsUnusedPayload? Unused { get; init; }

        /// <summary>
        /// Whether the provider could not parse what its model wrote, or gave nothing of it. Another try may bring more; if it does not, this is the
        /// answer.
        /// </summary>
        public bool IsWorthAnotherTry { get; init; }
    }

    /// <summary>It passes by itself. Try again, not before the given time when the provider named one.</summary>
    public sealed record Unavailable(string Reason, TimeSpan? RetryAfter = null) : ProviderOutcome;

    /// <summary>A person has to mend something at the provider or in the ModelEndpoint. Until then, every call would end like this one.</summary>
    /// <param name="Cause">One of <see cref="Reasons"/>.</param>
    /// <param name="Reason">A sentence that says what to do.</param>
    /// <param name="RetryAfter">When to try again, if it is known.</param>
    public sealed record NeedsPerson(string Cause, string Reason, TimeSpan? RetryAfter = null) : ProviderOutcome
    {
        /// <summary>The resource version of the API key's Secret; null if the endpoint has no key.</summary>
        public string? SecretVersion { get; init; }

        /// <summary>Whether the endpoint answers for other models.</summary>
        public bool IsOfTheModel => Cause is Reasons.ModelNotFound or Reasons.ParameterRefused;
    }

    /// <summary>Nothing was sent: the journal holds what came of the step, or the run's end, or another attempt has the run.</summary>
    public sealed record Superseded(JournalHead Head) : ProviderOutcome;

    /// <summary>Nothing was sent: the run has been deleted.</summary>
    public sealed record RunDeleted : ProviderOutcome;

    /// <summary>The conversation is longer than the provider takes. It is to be asked again with a shorter one.</summary>
    /// <param name="Reason">A sentence without prompt text.</param>
    /// <param name="Size">By how much it is too long, if the provider says so.</param>
    public sealed record TooLong(string Reason, RequestSize? Size = null) : ProviderOutcome;

    /// <summary>The request itself is at fault. Trying again does not help, unless it is without the tools that the provider refuses.</summary>
    public sealed record Rejected(string Reason, IReadOnlyList<string>? Tools = null) : ProviderOutcome;
}
