using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Reports what is wrong with a ModelEndpoint's spec, and looks for a new API key while it waits for one. Only the leader does.</summary>
internal sealed class EndpointReconciler(ILister<ModelEndpoint> endpoints, ChangedKey keys, EndpointHealth health, TimeProvider time) : IReconciler
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public async Task<Result> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (endpoints.Get(key) is not { } endpoint)
        {
            return Result.Done;
        }

        // A change of the spec or the status calls again.
        var blocker = EndpointBlocker.Find(endpoint, key.Name, key.Namespace);
        await health.ReportSpecAsync(endpoint, blocker);
        return blocker is null
            && EndpointOutage.Of(endpoint.Status, endpoint.Metadata.Generation, model: "", time.GetUtcNow()) is { SecretVersion: not null } outage
            && outage.RetryAt > time.GetUtcNow()
            && !await keys.ReopenAsync(endpoint, outage, cancellationToken)
                ? Result.After(Interval)
                : Result.Done;
    }
}
