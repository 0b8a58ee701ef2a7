using AgentOperator.Api;

namespace AgentOperator.Gateway.Models;

/// <summary>Reads the Secrets that a ModelEndpoint names, in its own namespace.</summary>
internal sealed class CredentialReader(ISecretReader secrets)
{
    /// <summary>Reads all of them.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="isFresh">Whether to ask the API server. Otherwise values may be half a minute old.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<EndpointCredentials> ReadAsync(ModelEndpoint endpoint, bool isFresh, CancellationToken cancellationToken)
    {
        var values = new List<(SecretKeyReference, SecretValue)>();
        foreach (var reference in endpoint.Spec.Headers.Select(header => header.SecretKeyRef).Prepend(endpoint.Spec.ApiKeySecretRef)
            .OfType<SecretKeyReference>().Distinct())
        {
            var value = await secrets.ReadAsync(endpoint.Metadata.NamespaceProperty, reference.Name, reference.Key, isFresh, cancellationToken);
            values.Add((reference, value));
        }

        return new EndpointCredentials(endpoint, values);
    }
}
