using System.Collections.Concurrent;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using Polly.Telemetry;

namespace AgentOperator.Gateway.Models;

/// <summary>The pipeline of each ModelEndpoint.</summary>
internal sealed class EndpointPipelines(TimeProvider time, RetryJitter jitter, ILoggerFactory loggers) : IDisposable
{
    /// <summary>The name of Polly's own meter.</summary>
    public const string MeterName = "Polly";

    private readonly ConcurrentDictionary<ObjectKey, EndpointPipeline> _pipelines = new();

    private readonly TelemetryOptions _telemetry = new()
    {
        LoggerFactory = loggers,

        // Polly logs results. Of ours only what kind they are: an answer holds what the model said.
        ResultFormatter = static (_, outcome) => outcome?.GetType().Name,
        MeteringEnrichers = { new EndpointLabels() },
    };

    /// <summary>How many endpoints have a pipeline.</summary>
    public int Count => _pipelines.Count;

    /// <summary>The endpoint's pipeline, as its spec is now.</summary>
    public EndpointPipeline Get(ModelEndpoint endpoint)
    {
        var pipeline = _pipelines.GetOrAdd(
            ObjectKey.Of(endpoint), static (key, made) => new EndpointPipeline(key, made.Spec, made.Time, made.Jitter, made.Telemetry),
            (endpoint.Spec, Time: time, Jitter: jitter, Telemetry: _telemetry));
        pipeline.Use(endpoint.Spec);
        return pipeline;
    }

    /// <summary>The endpoint's spec may have changed: calls that wait do so under its new limits.</summary>
    public void Update(ModelEndpoint endpoint)
    {
        if (_pipelines.TryGetValue(ObjectKey.Of(endpoint), out var pipeline))
        {
            pipeline.Use(endpoint.Spec);
        }
    }

    /// <summary>Forgets the endpoints that are there no longer.</summary>
    public void Forget(Func<ObjectKey, bool> isThere)
    {
        foreach (var key in _pipelines.Keys.Where(key => !isThere(key)))
        {
            if (_pipelines.TryRemove(key, out var pipeline))
            {
                pipeline.Dispose();
            }
        }
    }

    public void Dispose() => Forget(static _ => false);
}
