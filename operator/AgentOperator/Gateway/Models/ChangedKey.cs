using AgentOperator.Api;
using AgentOperator.Validation;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Ends the wait for a person when a Secret with the API key or a header has changed. Secrets are not watched, so they are read by name.
/// </summary>
internal sealed class ChangedKey(CredentialReader credentials, EndpointHealth health, TimeProvider time)
{
    /// <summary>Lets the endpoint be tried at once if its Secrets are not those that an outage was found with.</summary>
    /// <returns>Whether it may be tried.</returns>
    public async Task<bool> ReopenAsync(ModelEndpoint endpoint, EndpointOutage outage, CancellationToken cancellationToken)
    {
        if (outage.SecretVersion is null)
        {
            return false;
        }

        var version = (await credentials.ReadAsync(endpoint, isFresh: true, cancellationToken)).Version;
        return version is not null && version != outage.SecretVersion
            && await health.ReportAsync(endpoint, outage with { RetryAt = Times.Whole(time.GetUtcNow()), SecretVersion = version });
    }
}
