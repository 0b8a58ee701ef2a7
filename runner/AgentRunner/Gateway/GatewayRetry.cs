using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace AgentRunner.Gateway;

/// <summary>
/// Tries again what may pass: with jitter, growing pauses and the gateway's own <c>Retry-After</c>, until a patience measured from the
/// first failure is used up. What still fails then is thrown as it is.
/// </summary>
internal sealed partial class GatewayRetry
{
    /// <summary>How long an outage is waited out before the attempt ends and the operator backs off.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(2);

    private static readonly ResiliencePropertyKey<long?> FirstFailure = new("first-failure");

    private readonly ResiliencePipeline pipeline;
    private readonly TimeProvider time;
    private readonly TimeSpan patience;
    private readonly ILogger<GatewayRetry> logger;

    /// <param name="patience">How long an outage is waited out.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where retries are logged.</param>
    /// <param name="jitter">Spreads the pauses: a number in [0, 1) each time; null draws at random.</param>
    public GatewayRetry(TimeSpan patience, TimeProvider time, ILogger<GatewayRetry> logger, Func<double>? jitter = null)
    {
        this.patience = patience;
        this.time = time;
        this.logger = logger;
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                Randomizer = jitter ?? Random.Shared.NextDouble,
                ShouldHandle = arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is GatewayException { IsTransient: true } failure && HasPatience(arguments.Context, failure)),
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
    /// <param name="cancellationToken">Ends the waiting too.</param>
    public async Task<T> RunAsync<T>(string name, Func<CancellationToken, Task<T>> operation, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(name, cancellationToken);
        try
        {
            return await pipeline.ExecuteAsync(
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
            first = time.GetTimestamp();
            context.Properties.Set(FirstFailure, first);
        }

        return time.GetElapsedTime(first.Value) + (failure.RetryAfter ?? TimeSpan.Zero) < patience;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Operation:l} failed with status {Status} {Code:l}; again in {Milliseconds} ms")]
    private partial void LogRetrying(string operation, int status, string code, long milliseconds);
}
