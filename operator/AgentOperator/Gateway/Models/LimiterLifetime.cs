using System.Threading.RateLimiting;
using Polly;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The outermost strategy of a pipeline: counts the calls inside, and disposes the pipeline's limiters once it was replaced and the last call has
/// ended. Polly alone would dispose them after 30 seconds, under a call that may wait for minutes.
/// </summary>
internal sealed class LimiterLifetime(IReadOnlyList<RateLimiter> limiters) : ResilienceStrategy<ProviderOutcome>
{
    private static readonly TimeSpan JustChanged = TimeSpan.FromSeconds(1);

    private readonly UseCount _uses = new(() =>
    {
        foreach (var limiter in limiters)
        {
            limiter.Dispose();
        }
    });

    /// <summary>The pipeline takes no new calls.</summary>
    public void Retire() => _uses.Leave();

    protected override async ValueTask<Outcome<ProviderOutcome>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<ProviderOutcome>>> callback, ResilienceContext context, TState state)
    {
        if (!_uses.TryEnter())
        {
            // The call took hold of the pipeline just before it was replaced.
            return Outcome.FromResult<ProviderOutcome>(new ProviderOutcome.Unavailable("The ModelEndpoint has just changed.", JustChanged));
        }

        try
        {
            return await callback(context, state);
        }
        finally
        {
            _uses.Leave();
        }
    }

    /// <summary>The strategy has nothing to set.</summary>
    public sealed class Options : ResilienceStrategyOptions;
}
