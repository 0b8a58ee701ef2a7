using System.Diagnostics.Metrics;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Protocol;
using AgentOperator.Telemetry;

namespace AgentOperator.Gateway;

/// <summary>What the gateway counts, on the meter <c>AgentOperator</c>.</summary>
internal sealed class GatewayMetrics
{
    private static readonly LabelValues Codes = LabelValues.OfConstants(typeof(ErrorCodes));

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
        _providerSeconds = meter.CreateHistogram(
            "agentoperator_model_call_seconds", "s", "Time of one call of a model provider.", tags: null, SecondBuckets.UpToAnHour);
        _tokens = meter.CreateCounter<long>("agentoperator_model_tokens", description: "Tokens of committed model answers, by endpoint and type.");
        _unusedCalls = meter.CreateCounter<long>(
            "agentoperator_model_unused_calls", description: "Calls that a model provider was sent and that brought no usable answer, by endpoint.");
        _unusedTokens = meter.CreateCounter<long>(
            "agentoperator_model_unused_tokens", description: "Tokens of those calls, reported or estimated, by endpoint.");
        _refusals = meter.CreateCounter<long>("agentoperator_gateway_refusals", description: "Requests of runners that were refused, by code.");

        // An increase from nothing to one is none for Prometheus: what alerts watch begins at zero.
        foreach (var code in Codes.All)
        {
            _refusals.Add(0, MetricLabels.Of(MetricLabels.Code, code));
        }
    }

    public void ProviderCalled(ObjectKey endpoint, ProviderOutcome outcome, TimeSpan took)
    {
        _providerCalls.Add(1, MetricLabels.Of(endpoint, MetricLabels.Of(MetricLabels.Outcome, outcome.GetType().Name)));
        _providerSeconds.Record(took.TotalSeconds, MetricLabels.Of(endpoint));
    }

    public void ModelAnswered(ObjectKey endpoint, TokenUsage usage)
    {
        AddTokens(endpoint, "prompt", usage.PromptTokens);
        AddTokens(endpoint, "completion", usage.CompletionTokens);
        AddTokens(endpoint, "cached", usage.CachedTokens);
    }

    public void ModelCallUnused(ObjectKey endpoint, TokenUsage usage)
    {
        _unusedCalls.Add(1, MetricLabels.Of(endpoint));
        _unusedTokens.Add(usage.Total, MetricLabels.Of(endpoint));
    }

    public void Refused(string code) => _refusals.Add(1, MetricLabels.Of(MetricLabels.Code, Codes.Of(code)));

    private void AddTokens(ObjectKey endpoint, string type, long count) =>
        _tokens.Add(count, MetricLabels.Of(endpoint, MetricLabels.Of(MetricLabels.Type, type)));
}
