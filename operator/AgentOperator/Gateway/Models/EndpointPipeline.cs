using System.Threading.RateLimiting;
using AgentOperator.Api;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The limits and retries of one ModelEndpoint, shared by all runs that use it: retry around rate limits around concurrency around a timeout,
/// so that a waiting retry holds no place.
/// </summary>
internal sealed class EndpointPipeline : IAsyncDisposable
{
    /// <summary>A longer Retry-After is not waited for here: the runner is told, and waits without holding a connection.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private const int Queue = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ResiliencePipeline<ProviderOutcome> _pipeline;
    private readonly RateLimiter? _requests;
    private readonly RateLimiter? _tokens;
    private readonly int _tokensPerMinute;

    /// <param name="spec">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Spreads retries: a number in [0, 1) each time; null draws at random.</param>
    public EndpointPipeline(ModelEndpointSpec spec, TimeProvider time, Func<double>? jitter = null)
    {
        var builder = new ResiliencePipelineBuilder<ProviderOutcome> { TimeProvider = time };
        if (spec.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<ProviderOutcome>
            {
                MaxRetryAttempts = spec.MaxRetries,
                Randomizer = jitter ?? Random.Shared.NextDouble,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromSeconds(1),
                MaxDelay = LongestWait,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is TimeoutRejectedException
                    || (arguments.Outcome.Result is ProviderOutcome.Unavailable unavailable && !(unavailable.RetryAfter > LongestWait))),
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Result as ProviderOutcome.Unavailable)?.RetryAfter),
            });
        }

        if (spec.RequestsPerMinute is { } requests)
        {
            _requests = new SlidingWindowRateLimiter(new SlidingWindowRateLimiterOptions
            {
                PermitLimit = requests, Window = Window, SegmentsPerWindow = 12, QueueLimit = Queue, AutoReplenishment = true,
            });
            builder.AddRateLimiter(_requests);
        }

        if (spec.MaxConcurrentRequests is { } concurrent)
        {
            builder.AddConcurrencyLimiter(concurrent, Queue);
        }

        builder.AddTimeout(TimeSpan.FromSeconds(spec.TimeoutSeconds));
        _pipeline = builder.Build();

        if (spec.TokensPerMinute is { } tokens)
        {
            _tokensPerMinute = tokens;
            _tokens = new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = tokens,
                TokensPerPeriod = Math.Max(1, tokens / 60),
                ReplenishmentPeriod = Window / 60,
                QueueLimit = int.MaxValue,
                AutoReplenishment = true,
            });
        }
    }

    /// <summary>Calls until there is an answer, a refusal, or no retry left.</summary>
    /// <param name="estimatedTokens">What the request will about cost; counted against tokensPerMinute before it is sent.</param>
    /// <param name="call">One call of the provider.</param>
    /// <param name="cancellationToken">Ends the waits and the call.</param>
    public async Task<ProviderOutcome> ExecuteAsync(
        int estimatedTokens, Func<CancellationToken, Task<ProviderOutcome>> call, CancellationToken cancellationToken)
    {
        if (_tokens is not null)
        {
            using var lease = await _tokens.AcquireAsync(Math.Clamp(estimatedTokens, 1, _tokensPerMinute), cancellationToken);
        }

        try
        {
            return await _pipeline.ExecuteAsync(async token => await call(token), cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            return new ProviderOutcome.Unavailable($"the model endpoint did not answer within {exception.Timeout.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_requests is not null)
        {
            await _requests.DisposeAsync();
        }

        if (_tokens is not null)
        {
            await _tokens.DisposeAsync();
        }
    }
}
