using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>Ends the wait for a person when the Secret with the API key has changed. Secrets are not watched, so they are read by name.</summary>
internal sealed class ChangedKey(ISecretReader secrets, EndpointHealth health, TimeProvider time)
{
    /// <summary>Lets the endpoint be tried at once if its Secret is not the one that an outage was found with.</summary>
    /// <returns>Whether it may be tried.</returns>
    public async Task<bool> ReopenAsync(ModelEndpoint endpoint, EndpointOutage outage, CancellationToken cancellationToken)
    {
        if (outage.SecretVersion is null || endpoint.Spec.ApiKeySecretRef is not { } reference)
        {
            return false;
        }

        var secret = await secrets.ReadAsync(
            endpoint.Metadata.NamespaceProperty, reference.Name, reference.Key, isFresh: true, cancellationToken);
        return secret.Version != outage.SecretVersion
            && await health.ReportAsync(endpoint, outage with { RetryAt = Times.Whole(time.GetUtcNow()), SecretVersion = secret.Version });
    }
}
