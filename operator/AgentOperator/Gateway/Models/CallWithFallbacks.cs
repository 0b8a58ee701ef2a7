using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Journal;
using AgentOperator.Protocol;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Calls a run's ModelEndpoint or, while that is unavailable, its fallbacks, one at a time. ADR 26.</summary>
internal sealed class CallWithFallbacks(ProviderCall call, UnusedCalls unused, ILister<ModelEndpoint> endpoints)
{
    /// <summary>Calls until an endpoint answers. The calls that brought nothing are committed or returned with the answer.</summary>
    /// <returns>What the run's own endpoint came to, if no fallback answers.</returns>
    public async Task<ProviderOutcome> CallAsync(ModelStep step, JournalHead head, ProviderRequest request, CancellationToken cancellationToken)
    {
        var run = step.Runner.Run;
        ProviderOutcome? outcome = null;
        try
        {
            outcome = await CallInOrderAsync(step, head, request, cancellationToken);
        }
        finally
        {
            // Not between the endpoints: the answer is committed at the sequence that the runner knows, together with the unused calls before it.
            if (outcome is not ProviderOutcome.Answered)
            {
                await unused.CommitAsync(run, cancellationToken);
            }
        }

        return outcome is ProviderOutcome.Answered answered
            ? answered with
            {
                Unused = unused.Take(run.Uid), Answer = answered.Answer with { RequestHash = JournalHash.Of(request.Body.Span) },
            }
            : outcome;
    }

    private async Task<ProviderOutcome> CallInOrderAsync(
        ModelStep step, JournalHead head, ProviderRequest request, CancellationToken cancellationToken)
    {
        var own = await call.CallAsync(step, head, request, cancellationToken);
        if (own.RetryAfterOrDefault is not { } wait)
        {
            return own;
        }

        foreach (var (endpoint, model) in Fallbacks.Of(request.Endpoint, request.Request.Model, endpoints))
        {
            var instead = request with
            {
                Endpoint = endpoint, Request = request.Request with { Model = model }, Body = BodyFields.WithModel(request.Body, model),
            };

            // The fallback may be another model of the same provider, which would reject the same key for another body.
            var outcome = await call.CallAsync(step with { Key = $"{step.Key}-{endpoint.Metadata.Name}" }, head, instead, cancellationToken);
            switch (outcome)
            {
                case ProviderOutcome.Answered answered:
                    return answered with { Answer = answered.Answer with { Endpoint = endpoint.Metadata.Name } };
                case ProviderOutcome.Superseded or ProviderOutcome.RunDeleted:
                    return outcome;
            }

            wait = outcome.RetryAfterOrDefault is { } sooner && sooner < wait ? sooner : wait;
        }

        return own.WithRetryAfter(wait);
    }
}
