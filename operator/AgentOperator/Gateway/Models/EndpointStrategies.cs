using System.Threading.RateLimiting;
using AgentOperator.Api;
using Polly;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The strategies of a ModelEndpoint's pipeline: the tokens of a call, then retries around the rate of requests around concurrency around the
/// breaker around a timeout, so that a call that waits for its retry holds no place. While the breaker is open, calls get no further than its guards.
/// </summary>
internal static class EndpointStrategies
{
    /// <summary>A longer Retry-After is not waited for here: the breaker opens, and the runner is told.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>How many calls may wait for each limit of an endpoint.</summary>
    public const int LongestQueue = 10_000;

    /// <summary>How often a call is tried again whose answer is worth it. Each try is paid.</summary>
    public const int RetriesOfAnAnswer = 2;

    /// <summary>About how many tokens the call will use.</summary>
    public static readonly ResiliencePropertyKey<int> EstimatedTokens = new("estimatedTokens");

    /// <summary>What all replicas know of the endpoint.</summary>
    public static readonly ResiliencePropertyKey<SharedOutage> Shared = new("shared");

    /// <summary>Whether a call has had an answer that is none.</summary>
    private static readonly ResiliencePropertyKey<bool> Slipped = new("slipped");

    /// <summary>How many answers of a call were tried again.</summary>
    private static readonly ResiliencePropertyKey<int> RetriedAnswers = new("retriedAnswers");

    /// <returns>The limits. Whoever replaces the pipeline disposes them.</returns>
    public static EndpointLimits AddStrategies(this ResiliencePipelineBuilder<ProviderOutcome> builder, ModelEndpointSpec spec, RetryJitter jitter)
    {
        var time = builder.TimeProvider ?? TimeProvider.System;
        var limits = new EndpointLimits();
        var breaker = new EndpointBreaker(time);
        AddBreaker("BreakerGuard", looksOnly: true);
        if (spec.TokensPerMinute is { } tokens)
        {
            // A call that is larger than a whole minute's tokens takes a whole minute's.
            AddLimit(
                "TokensPerMinute", new PerMinuteLimiter(tokens, LongestQueue, time),
                context => Math.Clamp(context.Properties.GetValue(EstimatedTokens, 1), 1, tokens));
        }

        if (spec.MaxRetries > 0)
        {
            builder.AddRetry(Retry(spec.MaxRetries, jitter));
            AddBreaker("RetryGuard", looksOnly: true);
        }

        if (spec.RequestsPerMinute is { } requests)
        {
            AddLimit("RequestsPerMinute", new PerMinuteLimiter(requests, LongestQueue, time), static _ => 1);
        }

        if (spec.MaxConcurrentRequests is { } concurrent)
        {
            var options = new ConcurrencyLimiterOptions { PermitLimit = concurrent, QueueLimit = LongestQueue };
            AddLimit("MaxConcurrentRequests", new ConcurrencyLimiter(options), static _ => 1);
        }

        AddBreaker("Breaker", looksOnly: false);
        builder.AddTimeout(new TimeoutStrategyOptions { Name = "Timeout", Timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds) });
        return limits;

        void AddBreaker(string name, bool looksOnly) => builder.AddStrategy(
            strategy => new BreakerStrategy(breaker, looksOnly, time, strategy.Telemetry), new BreakerStrategy.Options { Name = name });

        void AddLimit(string name, RateLimiter limiter, Func<ResilienceContext, int> permits)
        {
            var acquire = limits.Add(limiter);
            builder.AddRateLimiter(new RateLimiterStrategyOptions
            {
                Name = name, RateLimiter = arguments => acquire(permits(arguments.Context), arguments.Context.CancellationToken),
            });
        }
    }

    private static bool IsFirstSlip(ResilienceContext context)
    {
        var isFirst = !context.Properties.GetValue(Slipped, false);
        context.Properties.Set(Slipped, true);
        return isFirst;
    }

    private static int Retried(ResilienceContext context)
    {
        var retried = context.Properties.GetValue(RetriedAnswers, 0);
        context.Properties.Set(RetriedAnswers, retried + 1);
        return retried;
    }

    private static RetryStrategyOptions<ProviderOutcome> Retry(int maxRetries, RetryJitter jitter) => new()
    {
        Name = "Retry",
        MaxRetryAttempts = maxRetries,
        Randomizer = jitter.Next,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = TimeSpan.FromSeconds(1),
        MaxDelay = LongestWait,
        ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome switch
        {
            // Each try may be paid for.
            { Exception: TimeoutRejectedException } => arguments.AttemptNumber == 0,
            { Result: ProviderOutcome.Unavailable unavailable } => !(unavailable.RetryAfter > LongestWait),

            // One web page may be a proxy's slip, and one unreadable answer a broken connection's.
            { Result: ProviderOutcome.NeedsPerson { Cause: Reasons.UnexpectedAnswer } } => IsFirstSlip(arguments.Context),

            // A model seldom writes the same again. If it does, it is told.
            { Result: ProviderOutcome.Answered { IsWorthAnotherTry: true } } => Retried(arguments.Context) < RetriesOfAnAnswer,
            _ => false,
        }),
        DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Result as ProviderOutcome.Unavailable)?.RetryAfter),
    };
}
