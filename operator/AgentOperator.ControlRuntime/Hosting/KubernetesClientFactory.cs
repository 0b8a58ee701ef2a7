using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>Makes the process's one API client.</summary>
internal static class KubernetesClientFactory
{
    // Pings detect dead connections. The connect timeout is short, because a retry is cheap.
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
        return new Kubernetes(
            configuration, new ServerClockHandler(clock, TimeProvider.System), new WholeAnswerHandler(), new InitialEventsHandler());
    }
}
