using k8s;

namespace AgentOperator.EndToEnd.Support;

/// <summary>What the operator's replicas count.</summary>
internal static class OperatorMetrics
{
    /// <summary>The requests of runners that the gateway's replicas refused with a code.</summary>
    public static Task<double> RefusalsAsync(TestCluster cluster, string code) =>
        SumAsync(cluster, "agentoperator_gateway_refusals_total", $"code=\"{code}\"");

    /// <summary>How many replicas hold the lease, as they say themselves.</summary>
    public static Task<double> LeadersAsync(TestCluster cluster) => SumAsync(cluster, "leader_election_master_status", "");

    /// <summary>The calls that the replicas made of a ModelEndpoint's provider, whatever became of them.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="endpoint">The ModelEndpoint's name. Its namespace is not looked at, so no other test may use the same name.</param>
    public static Task<double> ProviderCallsAsync(TestCluster cluster, string endpoint) =>
        SumAsync(cluster, "agentoperator_model_calls_total", $"endpoint=\"{endpoint}\"");

    private static async Task<double> SumAsync(TestCluster cluster, string name, string labels)
    {
        var sum = 0.0;
        var pods = await cluster.Client.CoreV1.ListNamespacedPodAsync(
            TestCluster.OperatorNamespace, labelSelector: "app.kubernetes.io/name=agent-operator");
        foreach (var pod in pods.Items)
        {
            var text = await cluster.Api.GetTextAsync(
                $"api/v1/namespaces/{TestCluster.OperatorNamespace}/pods/http:{pod.Metadata.Name}:8080/proxy/metrics");
            sum += Metrics.Parse(text).Sum(name, labels);
        }

        return sum;
    }
}
