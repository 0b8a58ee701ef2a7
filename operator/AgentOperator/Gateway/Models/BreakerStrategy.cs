using AgentOperator.Validation;
using Polly;
using Polly.Telemetry;
using Polly.Timeout;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Puts an <see cref="EndpointBreaker"/> around the calls of a pipeline. One that only looks stands in front of the limits, so that a call that would
/// be refused neither waits for them nor uses them up.
/// </summary>
internal sealed class BreakerStrategy(EndpointBreaker breaker, bool looksOnly, TimeProvider time, ResilienceStrategyTelemetry telemetry)
    : ResilienceStrategy<ProviderOutcome>
{
    protected override async ValueTask<Outcome<ProviderOutcome>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<ProviderOutcome>>> callback, ResilienceContext context, TState state)
    {
        var shared = context.Properties.GetValue(EndpointStrategies.Shared, SharedOutage.None);
        if (looksOnly)
        {
            return breaker.FindRefusal(shared.Read()) is { } open ? await RefuseAsync(open, shared) : await callback(context, state);
        }

        var (refusal, isProbe) = breaker.Enter(shared.Read());
        if (refusal is not null)
        {
            return await RefuseAsync(refusal, shared);
        }

        // Polly hands exceptions over as outcomes.
        var result = await callback(context, state);
        var outcome = OutcomeOf(result);
        if (breaker.Leave(isProbe, outcome) is not { } opened)
        {
            return result;
        }

        telemetry.Report(new ResilienceEvent(ResilienceEventSeverity.Warning, "OnBreakerOpened"), context, result, opened.Reason);
        return await RefuseAsync(opened, shared);
    }

    /// <summary>What a call says of the provider; null if it says nothing.</summary>
    private static ProviderOutcome? OutcomeOf(Outcome<ProviderOutcome> result) => result.Exception switch
    {
        null => result.Result,
        TimeoutRejectedException timeout => EndpointPipeline.TimedOut(timeout),
        _ => null,
    };

    /// <summary>
    /// Refuses a call, and reports the outage until all replicas know of it: as long as they do not, attempts are started that meet it only here.
    /// </summary>
    private async ValueTask<Outcome<ProviderOutcome>> RefuseAsync(EndpointOutage outage, SharedOutage shared)
    {
        if (breaker.BeginReport(outage))
        {
            breaker.EndReport(outage, await shared.ReportAsync(outage));
        }

        return Outcome.FromResult(ProviderOutcome.Of(outage, time.GetUtcNow()));
    }

    /// <summary>The strategy has nothing to set.</summary>
    public sealed class Options : ResilienceStrategyOptions;
}
