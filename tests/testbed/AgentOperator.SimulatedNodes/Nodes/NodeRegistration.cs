using System.Text;

namespace AgentOperator.SimulatedNodes.Nodes;

/// <summary>A node as the control plane sees it: registered, ready, and its lease renewed, so that its pods are left alone.</summary>
/// <param name="api">The API server.</param>
/// <param name="name">The node's name.</param>
internal sealed class NodeRegistration(ApiServer api, string name)
{
    private const string MergePatch = "application/merge-patch+json";
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(10);

    /// <summary>Makes the node and its lease.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        await api.WriteAsync(HttpMethod.Post, "api/v1/nodes", Encoding.UTF8.GetBytes(Node()), cancellationToken);
        await api.WriteAsync(
            HttpMethod.Post, "apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", Encoding.UTF8.GetBytes(Lease()), cancellationToken);
        await RenewAsync(cancellationToken);
    }

    /// <summary>Renews the lease until it is cancelled.</summary>
    public async Task KeepAliveAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(RenewEvery, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                await RenewAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The simulation is over.
        }
    }

    /// <summary>Removes the node and its lease.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await api.WriteAsync(HttpMethod.Delete, $"api/v1/nodes/{name}", default, cancellationToken);
        await api.WriteAsync(HttpMethod.Delete, $"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}", default, cancellationToken);
    }

    private Task RenewAsync(CancellationToken cancellationToken) => api.WriteAsync(
        HttpMethod.Patch,
        $"apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/{name}",
        Encoding.UTF8.GetBytes($$$"""{"spec":{"renewTime":"{{{Now():yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}}}"}}"""),
        cancellationToken,
        MergePatch);

    private string Lease() =>
        $$"""{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"{{name}}"},"""
        + $$""" "spec":{"holderIdentity":"{{name}}","leaseDurationSeconds":40} }""";

    private string Node()
    {
        var now = Now().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return $$$"""
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"{{{name}}}",
            "labels":{"kubernetes.io/hostname":"{{{name}}}","kubernetes.io/os":"linux","kubernetes.io/arch":"amd64",
            "agentoperator.dev/simulated":"true"}},
            "status":{"capacity":{"cpu":"1000","memory":"4000Gi","pods":"100000"},"allocatable":{"cpu":"1000","memory":"4000Gi","pods":"100000"},
            "conditions":[{"type":"Ready","status":"True","reason":"KubeletReady","message":"simulated",
            "lastHeartbeatTime":"{{{now}}}","lastTransitionTime":"{{{now}}}"}]} }
            """;
    }

    private static DateTimeOffset Now() => TimeProvider.System.GetUtcNow();
}
