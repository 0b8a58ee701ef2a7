using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>Makes the process's one API client.</summary>
internal static class KubernetesClientFactory
{
    // Pings detect connections that died without a word, as those to a node that was cut off do. Until then every request hangs, a retry too, since
    // it takes the same connection. So this bounds how long a paid answer waits for its commit. The connect timeout is short, because a retry is
    // cheap.
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>From the pod's service account, else from <c>KUBECONFIG</c> or the default kubeconfig.</summary>
    public static IKubernetes Create(ServerClock clock)
    {
        ClientJson.Configure();
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
