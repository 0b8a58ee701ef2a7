using AgentOperator.Protocol;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace AgentRunner.Gateway;

/// <summary>
/// Retries transient failures, with growing, jittered pauses or after the gateway's <c>Retry-After</c>, until the patience is used up. Patience
/// counts from the first failure. The last failure is then thrown unchanged.
/// </summary>
internal sealed partial class GatewayRetry
{
    /// <summary>How long an outage is waited out before the attempt ends and the operator backs off.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(2);

    /// <summary>A bug in the gateway may strike once by chance, but seldom three times.</summary>
    private const int MaxRepeatsOfABug = 2;

    private static readonly ResiliencePropertyKey<long?> FirstFailure = new("first-failure");

    private readonly ResiliencePipeline _pipeline;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly ILogger<GatewayRetry> _logger;

    /// <param name="patience">How long an outage is waited out.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where retries are logged.</param>
    /// <param name="jitter">Spreads the pauses: a number in [0, 1) each time; null draws at random.</param>
    public GatewayRetry(TimeSpan patience, TimeProvider time, ILogger<GatewayRetry> logger, Func<double>? jitter = null)
    {
        _patience = patience;
        _time = time;
        _logger = logger;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                Randomizer = jitter ?? Random.Shared.NextDouble,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is GatewayException { IsTransient: true } failure
                    && (failure.Code != ErrorCodes.InternalError || arguments.AttemptNumber < MaxRepeatsOfABug)
                    && HasPatience(arguments.Context, failure)),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = TimeSpan.FromMilliseconds(200),
                MaxDelay = TimeSpan.FromSeconds(10),
                DelayGenerator = arguments => ValueTask.FromResult((arguments.Outcome.Exception as GatewayException)?.RetryAfter),
                OnRetry = arguments =>
                {
                    var failure = (GatewayException)arguments.Outcome.Exception!;
                    LogRetrying(arguments.Context.OperationKey ?? "", failure.Status, failure.Code, (long)arguments.RetryDelay.TotalMilliseconds);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Runs an operation.</summary>
    /// <param name="name">What the log calls it.</param>
    /// <param name="operation">Throws <see cref="GatewayException"/> when it fails.</param>
    /// <param name="cancellationToken">Also ends a pause.</param>
    public async Task<T> RunAsync<T>(string name, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(name, cancellationToken);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, operation) => await operation(context.CancellationToken), context, operation);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private bool HasPatience(ResilienceContext context, GatewayException failure)
    {
        var first = context.Properties.GetValue(FirstFailure, null);
        if (first is null)
        {
            first = _time.GetTimestamp();
            context.Properties.Set(FirstFailure, first);
        }

        return _time.GetElapsedTime(first.Value) + (failure.RetryAfter ?? TimeSpan.Zero) < _patience;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation:l} failed with status {Status} {Code:l}; retrying in {Milliseconds} ms")]
    private partial void LogRetrying(string operation, int status, string code, long milliseconds);
}
