using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Validation;

/// <summary>The ModelEndpoints that stand in for one that is unavailable.</summary>
internal static class Fallbacks
{
    /// <summary>
    /// Those that exist and are valid, in order, each with the model to ask for. Fallbacks of fallbacks are not used, so there is no cycle.
    /// </summary>
    /// <param name="endpoint">The run's own endpoint.</param>
    /// <param name="model">The model that the run asks for.</param>
    /// <param name="endpoints">All endpoints.</param>
    public static IEnumerable<(ModelEndpoint Endpoint, string Model)> Of(ModelEndpoint endpoint, string model, ILister<ModelEndpoint> endpoints) =>
        from fallback in endpoint.Spec.Fallbacks ?? []
        where BlockerOf(endpoint, fallback, endpoints) is null
        select (Find(endpoint, fallback, endpoints)!, fallback.Model ?? model);

    /// <summary>
    /// Why a run waits: the outage of its own endpoint, until the first of all its endpoints is tried again. Names the fallbacks that are unusable.
    /// Null if one of the endpoints is available.
    /// </summary>
    /// <param name="endpoint">The run's own endpoint; null if it does not exist.</param>
    /// <param name="model">The model that the run asks for.</param>
    /// <param name="endpoints">All endpoints.</param>
    /// <param name="now">The present time.</param>
    public static EndpointOutage? OutageOfAll(ModelEndpoint? endpoint, string model, ILister<ModelEndpoint> endpoints, DateTimeOffset now)
    {
        if (endpoint is null || OutageOf(endpoint, model, now) is not { } outage)
        {
            return null;
        }

        var others = Of(endpoint, model, endpoints).Select(fallback => OutageOf(fallback.Endpoint, fallback.Model, now)).ToList();
        return others.Contains(null)
            ? null
            : outage with
            {
                Message = string.Join(' ', [outage.Message, .. Unusable(endpoint, endpoints)]),
                RetryAt = others.Select(other => other!.RetryAt).Append(outage.RetryAt).Min(),
            };
    }

    private static IEnumerable<string> Unusable(ModelEndpoint endpoint, ILister<ModelEndpoint> endpoints) =>
        from fallback in endpoint.Spec.Fallbacks ?? []
        let blocker = BlockerOf(endpoint, fallback, endpoints)
        where blocker is not null
        select $"Unusable fallback: {blocker.Message}";

    private static Blocker? BlockerOf(ModelEndpoint endpoint, FallbackSpec fallback, ILister<ModelEndpoint> endpoints) =>
        EndpointBlocker.Find(Find(endpoint, fallback, endpoints), fallback.Name, endpoint.Metadata.NamespaceProperty);

    private static ModelEndpoint? Find(ModelEndpoint endpoint, FallbackSpec fallback, ILister<ModelEndpoint> endpoints) =>
        endpoints.Get(new ObjectKey(endpoint.Metadata.NamespaceProperty, fallback.Name));

    private static EndpointOutage? OutageOf(ModelEndpoint endpoint, string model, DateTimeOffset now) =>
        EndpointOutage.Of(endpoint.Status, endpoint.Metadata.Generation, model, now);
}
