using System.Collections.Concurrent;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The statuses of ModelEndpoints: what people see, what holds back the next attempts, and what the replicas share. Written only when something
/// changes.
/// </summary>
internal sealed class EndpointHealth(ILister<ModelEndpoint> endpoints, EndpointStatusWriter writer, TimeProvider time)
{
    private readonly ConcurrentDictionary<ObjectKey, bool> _reporting = new();

    /// <summary>The outage that is known to all replicas; null if calls may be made.</summary>
    /// <param name="endpoint">The endpoint, as the call uses it.</param>
    /// <param name="model">The model to call.</param>
    public EndpointOutage? Find(ModelEndpoint endpoint, string model) => Known(endpoint) is { } known
        ? EndpointOutage.Of(writer.Newest(known), endpoint.Metadata.Generation, model, time.GetUtcNow())
        : null;

    /// <summary>Reports an outage.</summary>
    /// <returns>Whether everybody knows of it now.</returns>
    public async Task<bool> ReportAsync(ModelEndpoint endpoint, EndpointOutage outage)
    {
        if (Known(endpoint) is not { } known)
        {
            return false;
        }

        var before = writer.Before(known);
        return await writer.WriteAsync(known, outage.Model is null ? Unavailable(known, before, outage) : WithoutModel(known, before, outage));
    }

    /// <summary>Reports that the endpoint answers for a model, unless that is known.</summary>
    public async Task ReportAvailableAsync(ModelEndpoint endpoint, string model)
    {
        if (Known(endpoint) is not { } known || IsAvailable(writer.Before(known), model) || !_reporting.TryAdd(ObjectKey.Of(known), true))
        {
            return;
        }

        try
        {
            var before = writer.Before(known);
            await writer.WriteAsync(known, Available(known, before) with { Models = Others(before, model) });
        }
        finally
        {
            _reporting.TryRemove(ObjectKey.Of(known), out _);
        }
    }

    /// <summary>
    /// Reports that the spec is invalid, or that nothing is known of it yet: what was seen of an earlier spec says nothing about this one. An invalid
    /// spec is not tried again by itself, so there is no time for that.
    /// </summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="blocker">What is wrong; null if nothing is.</param>
    public async Task ReportSpecAsync(ModelEndpoint endpoint, Blocker? blocker)
    {
        if (Known(endpoint) is not { } known)
        {
            return;
        }

        if (blocker is not null)
        {
            await writer.WriteAsync(known, new ModelEndpointStatus
            {
                ObservedGeneration = known.Metadata.Generation,
                Conditions = Conditions(known, writer.Before(known), holds: false, blocker.Reason, blocker.Message),
            });
        }
        else if (writer.Before(known)?.FindCondition(ConditionTypes.Available) is null)
        {
            var status = new ModelEndpointStatus
            {
                ObservedGeneration = known.Metadata.Generation,
                Conditions = Conditions(known, writer.Newest(known), holds: null, Reasons.NotCalled, "No call has been made with the present spec."),
            };
            await writer.WriteAsync(known, status, onlyIfNewest: true);
        }
    }

    /// <summary>Forgets an endpoint that is deleted.</summary>
    public void Forget(ObjectKey key) => writer.Forget(key);

    private static bool IsAvailable(ModelEndpointStatus? status, string model) =>
        status?.FindCondition(ConditionTypes.Available)?.Status == ConditionStatuses.True && status.Models?.Any(known => known.Name == model) != true;

    private static List<UnavailableModel>? Others(ModelEndpointStatus? before, string model) =>
        before?.Models?.Where(known => known.Name != model).ToList() is { Count: > 0 } others ? others : null;

    private ModelEndpointStatus Unavailable(ModelEndpoint endpoint, ModelEndpointStatus? before, EndpointOutage outage) => new()
    {
        ObservedGeneration = endpoint.Metadata.Generation,
        Conditions = Conditions(endpoint, before, holds: false, outage.Reason, outage.Message),
        RetryAt = outage.RetryAt,
        SecretVersion = outage.SecretVersion,
        Models = before?.Models,
    };

    private ModelEndpointStatus Available(ModelEndpoint endpoint, ModelEndpointStatus? before) => new()
    {
        ObservedGeneration = endpoint.Metadata.Generation,
        Conditions = Conditions(endpoint, before, holds: true, Reasons.Answering, "The provider answered the last call."),
        Models = before?.Models,
    };

    /// <summary>The endpoint answers, but not for this model.</summary>
    private ModelEndpointStatus WithoutModel(ModelEndpoint endpoint, ModelEndpointStatus? before, EndpointOutage outage)
    {
        var missing = new UnavailableModel
        {
            Name = outage.Model!,
            Reason = outage.Reason,
            Message = TextLimit.Cut(outage.Message, UnavailableModel.MaxMessageBytes),
            Since = Times.Whole(outage.Since),
            RetryAt = outage.RetryAt,
        };
        return Available(endpoint, before) with
        {
            Models = [.. (Others(before, missing.Name) ?? []).TakeLast(ModelEndpointStatus.MaxModels - 1), missing],
        };
    }

    private List<Condition> Conditions(ModelEndpoint endpoint, ModelEndpointStatus? before, bool? holds, string reason, string message)
    {
        var set = new ConditionSet(before?.Conditions?.Select(condition => condition.ToStandard()), endpoint.Metadata.Generation, time.GetUtcNow());
        return [.. set.Set(ConditionTypes.Available, holds, reason, message).Conditions.Select(Condition.Of)];
    }

    /// <summary>The endpoint as the cache has it; null if it is deleted or has changed since the call began.</summary>
    private ModelEndpoint? Known(ModelEndpoint endpoint) =>
        endpoints.Get(ObjectKey.Of(endpoint)) is { } known && known.Metadata.Uid == endpoint.Metadata.Uid
        && known.Metadata.Generation == endpoint.Metadata.Generation
            ? known
            : null;
}
