using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>Makes the process's one API client.</summary>
internal static class KubernetesClientFactory
{
    // Dead connections are found by pings, and a server that does not take connections is not waited for longer than a retry is worth.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>From the pod's service account, else from <c>KUBECONFIG</c> or the default kubeconfig.</summary>
    public static IKubernetes Create(ServerClock clock)
    {
        var configuration = KubernetesClientConfiguration.IsInCluster()
            ? KubernetesClientConfiguration.InClusterConfig()
            : KubernetesClientConfiguration.BuildDefaultConfig();
        configuration.UserAgent = "agent-operator";
        configuration.FirstMessageHandlerSetup = handler =>
        {
            handler.KeepAlivePingDelay = PingDelay;
            handler.KeepAlivePingTimeout = PingTimeout;
            handler.ConnectTimeout = ConnectTimeout;
        };
        return new Kubernetes(configuration, new ServerClockHandler(clock, TimeProvider.System), new WholeAnswerHandler());
    }
}
