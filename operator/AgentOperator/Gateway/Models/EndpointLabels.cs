using AgentOperator.ControlRuntime;
using AgentOperator.Telemetry;
using Polly.Telemetry;

namespace AgentOperator.Gateway.Models;

/// <summary>Gives Polly's metrics the labels of the ModelEndpoint, whose name and namespace a pipeline has.</summary>
internal sealed class EndpointLabels : MeteringEnricher
{
    /// <inheritdoc/>
    public override void Enrich<TResult, TArgs>(in EnrichmentContext<TResult, TArgs> context)
    {
        var pipeline = context.TelemetryEvent.Source;
        foreach (var label in MetricLabels.Of(new ObjectKey(pipeline.PipelineInstanceName ?? "", pipeline.PipelineName ?? "")))
        {
            context.Tags.Add(label);
        }
    }
}
