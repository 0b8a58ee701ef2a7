using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Validation;

/// <summary>The ModelEndpoints that stand in for one that is unavailable.</summary>
internal static class Fallbacks
{
    /// <summary>Those that exist and are valid, in order, each with the model to ask for. Fallbacks of fallbacks are not used, so there is no cycle.</summary>
    /// <param name="endpoint">The run's own endpoint.</param>
    /// <param name="model">The model that the run asks for.</param>
    /// <param name="endpoints">All endpoints.</param>
    public static IEnumerable<(ModelEndpoint Endpoint, string Model)> Of(ModelEndpoint endpoint, string model, ILister<ModelEndpoint> endpoints) =>
        from fallback in endpoint.Spec.Fallbacks ?? []
        let found = endpoints.Get(new ObjectKey(endpoint.Metadata.NamespaceProperty, fallback.Name))
        where EndpointBlocker.Find(found, fallback.Name, endpoint.Metadata.NamespaceProperty) is null
        select (found, fallback.Model ?? model);

    /// <summary>
    /// Why a run waits: the outage of its own endpoint, until the first of all its endpoints is tried again. Null if one of them is available.
    /// </summary>
    /// <param name="endpoint">The run's own endpoint; null if it does not exist.</param>
    /// <param name="model">The model that the run asks for.</param>
    /// <param name="endpoints">All endpoints.</param>
    public static EndpointOutage? OutageOfAll(ModelEndpoint? endpoint, string model, ILister<ModelEndpoint> endpoints)
    {
        if (endpoint is null || OutageOf(endpoint, model) is not { } outage)
        {
            return null;
        }

        var others = Of(endpoint, model, endpoints).Select(fallback => OutageOf(fallback.Endpoint, fallback.Model)).ToList();
        return others.Contains(null) ? null : outage with { RetryAt = others.Select(other => other!.RetryAt).Append(outage.RetryAt).Min() };
    }

    private static EndpointOutage? OutageOf(ModelEndpoint endpoint, string model) =>
        EndpointOutage.Of(endpoint.Status, endpoint.Metadata.Generation, model);
}
