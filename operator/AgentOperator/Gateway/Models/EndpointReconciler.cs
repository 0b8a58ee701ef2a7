using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Looks for a new API key while a ModelEndpoint waits for one. Only the leader does.</summary>
internal sealed class EndpointReconciler(ILister<ModelEndpoint> endpoints, ChangedKey keys, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public async Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        // A change of the status calls again.
        return endpoints.Get(key) is { } endpoint
            && EndpointOutage.Of(endpoint.Status, endpoint.Metadata.Generation, model: "") is { SecretVersion: not null } outage
            && outage.RetryAt > time.GetUtcNow()
            && !await keys.ReopenAsync(endpoint, outage, cancellationToken)
                ? Result.After(Interval)
                : Result.Done;
    }
}
