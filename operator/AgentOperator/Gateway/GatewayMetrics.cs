using System.Diagnostics.Metrics;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;
using AgentOperator.Telemetry;

namespace AgentOperator.Gateway;

/// <summary>What the gateway counts, on the meter <c>AgentOperator</c>.</summary>
internal sealed class GatewayMetrics
{
    private readonly Counter<long> _providerCalls;
    private readonly Histogram<double> _providerSeconds;
    private readonly Counter<long> _tokens;
    private readonly Counter<long> _unusedCalls;
    private readonly Counter<long> _unusedTokens;
    private readonly Counter<long> _refusals;

    public GatewayMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(OperatorMeter.Name);
        _providerCalls = meter.CreateCounter<long>("agentoperator_model_calls", description: "Calls of model providers, by endpoint and outcome.");
        _providerSeconds = meter.CreateHistogram<double>("agentoperator_model_call_seconds", "s", "Time of one call of a model provider.");
        _tokens = meter.CreateCounter<long>("agentoperator_model_tokens", description: "Tokens of committed model answers, by endpoint and type.");
        _unusedCalls = meter.CreateCounter<long>(
            "agentoperator_model_unused_calls", description: "Calls that a model provider was sent and that brought no usable answer, by endpoint.");
        _unusedTokens = meter.CreateCounter<long>(
            "agentoperator_model_unused_tokens", description: "Tokens of those calls, reported or estimated, by endpoint.");
        _refusals = meter.CreateCounter<long>("agentoperator_gateway_refusals", description: "Requests of runners that were refused, by code.");
    }

    public void ProviderCalled(string endpoint, ProviderOutcome outcome, TimeSpan took)
    {
        var outcomeName = outcome.GetType().Name;
        _providerCalls.Add(1, new("endpoint", endpoint), new("outcome", outcomeName));
        _providerSeconds.Record(took.TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    public void ModelAnswered(string endpoint, TokenUsage usage)
    {
        _tokens.Add(usage.PromptTokens, new("endpoint", endpoint), new("type", "prompt"));
        _tokens.Add(usage.CompletionTokens, new("endpoint", endpoint), new("type", "completion"));
        _tokens.Add(usage.CachedTokens, new("endpoint", endpoint), new("type", "cached"));
    }

    public void ModelCallUnused(string endpoint, TokenUsage usage)
    {
        _unusedCalls.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint));
        _unusedTokens.Add(usage.Total, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    public void Refused(string code) => _refusals.Add(1, new KeyValuePair<string, object?>("code", code));
}
