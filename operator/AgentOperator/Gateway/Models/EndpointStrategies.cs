using System.Threading.RateLimiting;
using AgentOperator.Api;
using Polly;
using Polly.RateLimiting;
using Polly.Registry;
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

    public static void AddStrategies(
        this ResiliencePipelineBuilder<ProviderOutcome> builder, ModelEndpointSpec spec, RetryJitter jitter, ConfigureBuilderContext<string> context)
    {
        var time = builder.TimeProvider ?? TimeProvider.System;
        var limiters = new List<RateLimiter>();
        var lifetime = new LimiterLifetime(limiters);
        context.OnPipelineDisposed(lifetime.Retire);
        builder.AddStrategy(_ => lifetime, new LimiterLifetime.Options { Name = "Lifetime" });
        var breaker = new EndpointBreaker(time);
        AddBreaker("BreakerGuard", looksOnly: true);
        if (spec.TokensPerMinute is { } tokens)
        {
            var limiter = Add(new PerMinuteLimiter(tokens, LongestQueue, time));

            // A call that is larger than a whole minute's tokens takes a whole minute's.
            builder.AddRateLimiter(new RateLimiterStrategyOptions
            {
                Name = "TokensPerMinute",
                RateLimiter = arguments => limiter.AcquireAsync(
                    Math.Clamp(arguments.Context.Properties.GetValue(EstimatedTokens, 1), 1, tokens), arguments.Context.CancellationToken),
            });
        }

        if (spec.MaxRetries > 0)
        {
            builder.AddRetry(Retry(spec.MaxRetries, jitter));
            AddBreaker("RetryGuard", looksOnly: true);
        }

        if (spec.RequestsPerMinute is { } requests)
        {
            builder.AddRateLimiter(Limit("RequestsPerMinute", Add(new PerMinuteLimiter(requests, LongestQueue, time))));
        }

        if (spec.MaxConcurrentRequests is { } concurrent)
        {
            builder.AddRateLimiter(Limit("MaxConcurrentRequests", Add(new ConcurrencyLimiter(
                new ConcurrencyLimiterOptions { PermitLimit = concurrent, QueueLimit = LongestQueue }))));
        }

        AddBreaker("Breaker", looksOnly: false);
        builder.AddTimeout(new TimeoutStrategyOptions { Name = "Timeout", Timeout = TimeSpan.FromSeconds(spec.TimeoutSeconds) });

        void AddBreaker(string name, bool looksOnly) => builder.AddStrategy(
            strategy => new BreakerStrategy(breaker, looksOnly, time, strategy.Telemetry), new BreakerStrategy.Options { Name = name });

        RateLimiter Add(RateLimiter limiter)
        {
            limiters.Add(limiter);
            return limiter;
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

    private static RateLimiterStrategyOptions Limit(string name, RateLimiter limiter) => new()
    {
        Name = name, RateLimiter = arguments => limiter.AcquireAsync(1, arguments.Context.CancellationToken),
    };

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
