using System.Text;
using System.Text.Json;

namespace AgentOperator.SimulatedNodes.Pods;

/// <summary>The calls that scheduler and kubelet make for a pod.</summary>
internal sealed class PodApi(ApiServer api)
{
    private const string StrategicMerge = "application/strategic-merge-patch+json";
    private const int TokenSeconds = 3600;

    /// <summary>Gives the pod to a node.</summary>
    public Task BindAsync(ObservedPod pod, string node, CancellationToken cancellationToken) => api.WriteAsync(
        HttpMethod.Post,
        $"{PathOf(pod)}/binding",
        Encoding.UTF8.GetBytes(
            $$"""{"apiVersion":"v1","kind":"Binding","metadata":{"name":"{{pod.Name}}","uid":"{{pod.Uid}}"},"""
            + $$""" "target":{"apiVersion":"v1","kind":"Node","name":"{{node}}"} }"""),
        cancellationToken);

    /// <summary>Writes the pod's status.</summary>
    public Task WriteStatusAsync(ObservedPod pod, byte[] status, CancellationToken cancellationToken) =>
        api.WriteAsync(HttpMethod.Patch, $"{PathOf(pod)}/status", status, cancellationToken, StrategicMerge);

    /// <summary>Removes a pod whose containers have ended.</summary>
    public Task RemoveAsync(ObservedPod pod, CancellationToken cancellationToken) => api.WriteAsync(
        HttpMethod.Delete, PathOf(pod), Encoding.UTF8.GetBytes($$"""{"gracePeriodSeconds":0,"preconditions":{"uid":"{{pod.Uid}}"} }"""),
        cancellationToken);

    /// <summary>The pod's own token for the gateway, bound to it: what the kubelet would have projected.</summary>
    /// <returns>Null when the pod is gone.</returns>
    public async Task<string?> CreateTokenAsync(ObservedPod pod, CancellationToken cancellationToken)
    {
        var request = $$"""
            {"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":["{{RunnerEnvironment.TokenAudience}}"],
            "expirationSeconds":{{TokenSeconds}},"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"{{pod.Name}}","uid":"{{pod.Uid}}"} } }
            """;
        var answer = await api.WriteAsync(
            HttpMethod.Post, $"api/v1/namespaces/{pod.Namespace}/serviceaccounts/{pod.ServiceAccount}/token", Encoding.UTF8.GetBytes(request),
            cancellationToken);
        return answer is null ? null : JsonElement.Parse(answer).GetProperty("status").GetProperty("token").GetString();
    }

    private static string PathOf(ObservedPod pod) => $"api/v1/namespaces/{pod.Namespace}/pods/{pod.Name}";
}
