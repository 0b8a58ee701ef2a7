using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s.Autorest;

namespace AgentOperator.Gateway.Models;

/// <summary>Writes the statuses of ModelEndpoints, remembers what it wrote, and emits events about it.</summary>
internal sealed partial class EndpointStatusWriter(
    IObjectClient<ModelEndpoint> client, EndpointEvents events, TimeProvider time, ILogger<EndpointStatusWriter> logger)
{
    /// <summary>A call waits no longer than this for its report. What is not reported is known to this replica only.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(5);

    private static readonly StatusComparer<ModelEndpointStatus> Comparer = new(ApiJson.TypeInfo<ModelEndpointStatus>(), status => status);

    private readonly StatusMemory<ModelEndpoint, ModelEndpointStatus> _memory = new(endpoint => endpoint.Status, static (_, _) => false);

    /// <summary>The newest known status; null if there is none.</summary>
    public ModelEndpointStatus? Newest(ModelEndpoint known) => _memory.Newest(known);

    /// <summary>The newest known status of the present generation; null if there is none.</summary>
    public ModelEndpointStatus? Before(ModelEndpoint known) =>
        _memory.Newest(known) is { } status && status.ObservedGeneration == known.Metadata.Generation ? status : null;

    /// <summary>Forgets an endpoint that is deleted.</summary>
    public void Forget(ObjectKey key) => _memory.Forget(key);

    /// <summary>Writes a status if it says something new.</summary>
    /// <param name="known">The endpoint, as the cache has it.</param>
    /// <param name="status">The status.</param>
    /// <param name="onlyIfNewest">Whether it gives way to what another replica has written meanwhile.</param>
    /// <returns>Whether everybody knows of it now.</returns>
    public async Task<bool> WriteAsync(ModelEndpoint known, ModelEndpointStatus status, bool onlyIfNewest = false)
    {
        if (Comparer.Compare(_memory.Newest(known), status) == StatusChange.None)
        {
            return true;
        }

        var (key, before) = (ObjectKey.Of(known), Before(known));
        var document = Document(known, status, onlyIfNewest ? _memory.NewestVersion(known) : null);
        using var limit = new CancellationTokenSource(LongestWrite, time);
        try
        {
            var version = await client.ApplyStatusAsync(key, ApiConstants.FieldManager, document, limit.Token);
            _memory.Remember(known, status, version, time.GetUtcNow());
            events.Record(known, before, status);
            return true;
        }
        catch (HttpOperationException exception) when (onlyIfNewest && exception.IsConflict())
        {
            // Its newer version will be looked at.
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

    private static JsonElement Document(ModelEndpoint endpoint, ModelEndpointStatus status, string? version) => JsonSerializer.SerializeToElement(
        new
        {
            apiVersion = ApiConstants.ApiVersion,
            kind = ApiConstants.ModelEndpointKind,
            metadata = new
            {
                name = endpoint.Metadata.Name,
                @namespace = endpoint.Metadata.NamespaceProperty,
                uid = endpoint.Metadata.Uid,
                resourceVersion = version,
            },
            status,
        },
        ApiJson.Options);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The status of ModelEndpoint {Namespace}/{Endpoint} was not written: {Problem}")]
    private static partial void LogUnreported(ILogger logger, string @namespace, string endpoint, string problem);
}
