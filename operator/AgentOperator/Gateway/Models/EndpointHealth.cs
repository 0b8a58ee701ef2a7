using System.Collections.Concurrent;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;
using k8s.Autorest;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// The statuses of ModelEndpoints: what people see, what holds back the next attempts, and what the replicas share. Written only when something
/// changes.
/// </summary>
internal sealed partial class EndpointHealth(
    ILister<ModelEndpoint> endpoints, IObjectClient<ModelEndpoint> client, TimeProvider time, ILogger<EndpointHealth> logger)
{
    /// <summary>A call waits no longer than this for its report. What is not reported is known to this replica only.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);

    private static readonly StatusComparer<ModelEndpointStatus> Comparer = new(ApiJson.TypeInfo<ModelEndpointStatus>(), status => status);

    private readonly StatusMemory<ModelEndpoint, ModelEndpointStatus> _memory = new(endpoint => endpoint.Status, static (_, _) => false);
    private readonly ConcurrentDictionary<ObjectKey, bool> _reporting = new();

    /// <summary>The outage that is known to all replicas; null if calls may be made.</summary>
    /// <param name="endpoint">The endpoint, as the call uses it.</param>
    /// <param name="model">The model to call.</param>
    public EndpointOutage? Find(ModelEndpoint endpoint, string model) => Known(endpoint) is { } known
        ? EndpointOutage.Of(_memory.Newest(known), endpoint.Metadata.Generation, model)
        : null;

    /// <summary>Reports an outage.</summary>
    /// <returns>Whether everybody knows of it now.</returns>
    public async Task<bool> ReportAsync(ModelEndpoint endpoint, EndpointOutage outage)
    {
        if (Known(endpoint) is not { } known)
        {
            return false;
        }

        var before = Before(known);
        return await WriteAsync(known, outage.Model is null ? Unavailable(known, before, outage) : WithoutModel(known, before, outage));
    }

    /// <summary>Reports that the endpoint answers for a model, unless that is known.</summary>
    public async Task ReportAvailableAsync(ModelEndpoint endpoint, string model)
    {
        if (Known(endpoint) is not { } known || IsAvailable(Before(known), model) || !_reporting.TryAdd(ObjectKey.Of(known), true))
        {
            return;
        }

        try
        {
            var before = Before(known);
            await WriteAsync(known, Available(known, before) with { Models = Others(before, model) });
        }
        finally
        {
            _reporting.TryRemove(ObjectKey.Of(known), out _);
        }
    }

    /// <summary>Reports that the spec is invalid, or that it is no longer. It is not tried again by itself, so there is no time for that.</summary>
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
            await WriteAsync(known, new ModelEndpointStatus
            {
                ObservedGeneration = known.Metadata.Generation,
                Conditions = Conditions(known, Before(known), holds: false, blocker.Reason, blocker.Message),
            });
        }
        else if (_memory.Newest(known) is { } status && status.ObservedGeneration != known.Metadata.Generation
            && status.FindCondition(ConditionTypes.Available)?.Reason == Reasons.InvalidModelEndpoint)
        {
            await WriteAsync(known, new ModelEndpointStatus { ObservedGeneration = known.Metadata.Generation });
        }
    }

    /// <summary>Forgets an endpoint that is deleted.</summary>
    public void Forget(ObjectKey key) => _memory.Forget(key);

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

    private List<Condition> Conditions(ModelEndpoint endpoint, ModelEndpointStatus? before, bool holds, string reason, string message)
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

    /// <summary>The newest status of the present generation.</summary>
    private ModelEndpointStatus? Before(ModelEndpoint known) =>
        _memory.Newest(known) is { } status && status.ObservedGeneration == known.Metadata.Generation ? status : null;

    private async Task<bool> WriteAsync(ModelEndpoint known, ModelEndpointStatus status)
    {
        if (Comparer.Compare(_memory.Newest(known), status) == StatusChange.None)
        {
            return true;
        }

        var key = ObjectKey.Of(known);
        using var limit = new CancellationTokenSource(LongestWrite, time);
        try
        {
            var version = await client.ApplyStatusAsync(key, ApiConstants.FieldManager, Document(known, status), limit.Token);
            _memory.Remember(known, status, version, time.GetUtcNow());
            return true;
        }
        catch (HttpOperationException exception)
        {
            LogUnreported(logger, key.Namespace, key.Name, exception.Summary());
        }
        catch (HttpRequestException exception)
        {
            LogUnreported(logger, key.Namespace, key.Name, exception.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            LogUnreported(logger, key.Namespace, key.Name, "the API server does not answer");
        }

        return false;
    }

    private static JsonElement Document(ModelEndpoint endpoint, ModelEndpointStatus status) => JsonSerializer.SerializeToElement(
        new
        {
            apiVersion = ApiConstants.ApiVersion,
            kind = ApiConstants.ModelEndpointKind,
            metadata = new { name = endpoint.Metadata.Name, @namespace = endpoint.Metadata.NamespaceProperty, uid = endpoint.Metadata.Uid },
            status,
        },
        ApiJson.Options);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of ModelEndpoint {Namespace}/{Endpoint} was not written: {Problem}")]
    private static partial void LogUnreported(ILogger logger, string @namespace, string endpoint, string problem);
}
