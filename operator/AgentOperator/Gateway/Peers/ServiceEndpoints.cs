using AgentOperator.ControlRuntime;
using k8s;
using k8s.Autorest;

namespace AgentOperator.Gateway.Peers;

/// <summary>Reads a Service's EndpointSlices, in the newest version that the server has: v1 since 1.21, v1beta1 before.</summary>
internal sealed class ServiceEndpoints(IKubernetes kubernetes)
{
    private const string Group = "discovery.k8s.io";
    private const string Plural = "endpointslices";
    private const string ServiceLabel = "kubernetes.io/service-name";
    private static readonly string[] Versions = ["v1", "v1beta1"];

    // Remembered until the server has it no longer: it may be upgraded under a running operator.
    private volatile string? _version;

    /// <summary>The endpoints of a Service; none when the server has no EndpointSlices at all.</summary>
    /// <exception cref="HttpOperationException">The API server refuses.</exception>
    /// <exception cref="HttpRequestException">The API server does not answer.</exception>
    public async Task<IReadOnlyList<SliceEndpoint>> ListAsync(string namespaceName, string service, CancellationToken cancellationToken)
    {
        if (_version is { } known)
        {
            try
            {
                return await ListAsync(known, namespaceName, service, cancellationToken);
            }
            catch (HttpOperationException exception) when (exception.IsNotFound())
            {
                _version = null;
            }
        }

        if (await FindVersionAsync(cancellationToken) is not { } version)
        {
            return [];
        }

        var endpoints = await ListAsync(version, namespaceName, service, cancellationToken);
        _version = version;
        return endpoints;
    }

    private async Task<string?> FindVersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            var group = await kubernetes.Discovery.GetAPIGroupAsync(cancellationToken);
            return Versions.FirstOrDefault(version => group.Versions.Any(served => served.Version == version));
        }
        catch (HttpOperationException exception) when (exception.IsNotFound())
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<SliceEndpoint>> ListAsync(
        string version, string namespaceName, string service, CancellationToken cancellationToken)
    {
        var slices = await kubernetes.CustomObjects.ListNamespacedCustomObjectAsync<EndpointSliceList>(
            Group, version, namespaceName, Plural, labelSelector: $"{ServiceLabel}={service}", cancellationToken: cancellationToken);
        return [.. (slices.Items ?? []).SelectMany(slice => slice.Endpoints ?? [])];
    }
}
