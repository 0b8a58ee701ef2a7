using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using Polly;
using Polly.RateLimiting;
using Polly.Registry;
using Polly.Telemetry;
using Polly.Timeout;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The limits and retries of one ModelEndpoint, shared by all runs that use it. A change of its spec rebuilds the pipeline in place: calls that wait
/// for a place wait under the new limits, and those that have one end in the old pipeline.
/// </summary>
/// <remarks>Polly's registry removes nothing while it lives, so each endpoint has a registry of its own, which goes with the endpoint.</remarks>
internal sealed class EndpointPipeline : IDisposable
{
    private const string Key = "model";
    private static readonly TimeSpan RejectedRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeletedRetry = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly RetryJitter _jitter;
    private readonly ObjectKey _endpoint;
    private readonly ResiliencePipeline<ProviderOutcome> _pipeline;
    private CancellationTokenSource _changed = new();
    private EndpointLimits? _limits;
    private ModelEndpointSpec? _spec; // Null when the endpoint is deleted.

    public EndpointPipeline(ObjectKey endpoint, ModelEndpointSpec spec, TimeProvider time, RetryJitter jitter, TelemetryOptions telemetry)
    {
        (_endpoint, _spec, _jitter) = (endpoint, spec, jitter);
        var registry = new ResiliencePipelineRegistry<string>(new ResiliencePipelineRegistryOptions<string>
        {
            BuilderFactory = () => new ResiliencePipelineBuilder { TimeProvider = time }.ConfigureTelemetry(telemetry),
            BuilderNameFormatter = _ => endpoint.Name,
            InstanceNameFormatter = _ => endpoint.Namespace,
        });
        _pipeline = registry.GetOrAddPipeline<ProviderOutcome>(Key, Configure);
    }

    private bool IsDeleted
    {
        get
        {
            lock (_lock)
            {
                return _spec is null;
            }
        }
    }

    /// <summary>Rebuilds the pipeline when the spec is not the one that it was built from. Too late for one that is disposed.</summary>
    public void Use(ModelEndpointSpec spec)
    {
        EndpointLimits? replaced = null;
        lock (_lock)
        {
            if (_spec is not null && !AreEqual(_spec, spec))
            {
                using var before = _changed;
                var limits = _limits;
                (_spec, _changed) = (spec, new CancellationTokenSource());

                // Polly calls Configure before this returns. If it fails, the old pipeline stays.
                before.Cancel();
                replaced = ReferenceEquals(limits, _limits) ? null : limits;
            }
            else if (_spec is not null)
            {
                // Equal: the next comparison is by reference.
                _spec = spec;
            }
        }

        // After the new pipeline is there, and outside the lock: the calls that waited go on from here.
        replaced?.Dispose();
    }

    /// <summary>The endpoint is deleted. Calls that wait are refused; a call that comes all the same is not limited.</summary>
    public void Dispose()
    {
        EndpointLimits? replaced = null;
        lock (_lock)
        {
            if (_spec is not null)
            {
                (_spec, replaced) = (null, _limits);
                _changed.Cancel();
                _changed.Dispose();
            }
        }

        replaced?.Dispose();
    }

    /// <summary>Calls until there is an answer, a refusal, or no retry left.</summary>
    /// <param name="estimatedTokens">About what the request will cost; counted against tokensPerMinute before it is sent.</param>
    /// <param name="shared">What all replicas know of the endpoint.</param>
    /// <param name="call">One call of the provider.</param>
    /// <param name="cancellationToken">Ends the waits and the call.</param>
    public async Task<ProviderOutcome> ExecuteAsync(
        int estimatedTokens, SharedOutage shared, Func<CancellationToken, Task<ProviderOutcome>> call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(EndpointStrategies.EstimatedTokens, estimatedTokens);
        context.Properties.Set(EndpointStrategies.Shared, shared);
        try
        {
            while (true)
            {
                try
                {
                    return await _pipeline.ExecuteAsync(static async (context, call) => await call(context.CancellationToken), context, call);
                }
                catch (EndpointChangedException)
                {
                    if (IsDeleted)
                    {
                        return new ProviderOutcome.Unavailable($"ModelEndpoint '{_endpoint.Name}' was deleted.", DeletedRetry);
                    }
                }
            }
        }
        catch (ExecutionRejectedException exception)
        {
            return Rejection(exception);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>What a call comes to that took longer than the endpoint's timeoutSeconds.</summary>
    public static ProviderOutcome TimedOut(TimeoutRejectedException exception) => new ProviderOutcome.NeedsPerson(
        Reasons.AnswerTooSlow,
        $"The model endpoint did not answer within {exception.Timeout.TotalSeconds:0} s. If the model needs longer, raise spec.timeoutSeconds of the "
        + "ModelEndpoint.");

    /// <summary>Compares the JSON, because records compare lists by reference. A watch brings an equal spec whenever the status changes.</summary>
    private static bool AreEqual(ModelEndpointSpec before, ModelEndpointSpec now) =>
        ReferenceEquals(before, now) || JsonSerializer.Serialize(before, ApiJson.Options) == JsonSerializer.Serialize(now, ApiJson.Options);

    private ProviderOutcome Rejection(ExecutionRejectedException exception) => exception switch
    {
        TimeoutRejectedException timeout => TimedOut(timeout),
        RateLimiterRejectedException queue => new ProviderOutcome.Unavailable(
            $"Too many calls wait for ModelEndpoint '{_endpoint.Name}'.", queue.RetryAfter ?? RejectedRetry),
        _ => new ProviderOutcome.Unavailable($"ModelEndpoint '{_endpoint.Name}' takes no call now.", RejectedRetry),
    };

    private void Configure(ResiliencePipelineBuilder<ProviderOutcome> builder, ConfigureBuilderContext<string> context)
    {
        if (_spec is { } spec)
        {
            context.AddReloadToken(_changed.Token);
            _limits = builder.AddStrategies(spec, _jitter);
        }
    }
}
