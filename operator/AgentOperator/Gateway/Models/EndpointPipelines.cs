using System.Collections.Concurrent;
using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>The pipeline of each ModelEndpoint; made anew when its spec changes.</summary>
/// <param name="time">The clock.</param>
/// <param name="jitter">Spreads retries: a number in [0, 1) each time; null draws at random.</param>
internal sealed class EndpointPipelines(TimeProvider time, Func<double>? jitter = null)
{
    private readonly ConcurrentDictionary<string, (ModelEndpointSpec Spec, EndpointPipeline Pipeline)> _pipelines = new(StringComparer.Ordinal);

    public EndpointPipeline Get(ModelEndpoint endpoint) =>
        _pipelines.AddOrUpdate(
            endpoint.Metadata.Uid,
            static (_, made) => (made.Spec, new EndpointPipeline(made.Spec, made.Time, made.Jitter)),
            // Calls that wait in the old pipeline end there; it is collected after them.
            static (_, had, made) => had.Spec == made.Spec ? had : (made.Spec, new EndpointPipeline(made.Spec, made.Time, made.Jitter)),
            (endpoint.Spec, Time: time, Jitter: jitter)).Pipeline;
}
