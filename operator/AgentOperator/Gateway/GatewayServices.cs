using AgentOperator.Gateway.Peers;
using AgentOperator.Pods;

namespace AgentOperator.Gateway;

/// <summary>Adds the gateway that runner pods talk to.</summary>
internal static class GatewayServices
{
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<GatewayAuthority>();
        services.AddSingleton<IGatewayAuthority>(provider => provider.GetRequiredService<GatewayAuthority>());
        services.AddHostedService<GatewayAuthorityLoader>();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<ITokenReviewer, TokenReviewer>();
        services.AddSingleton<IRunReader, KubernetesRunReader>();
        services.AddSingleton<RunnerAuthenticator>();
        services.AddSingleton<IHeartbeatWriter, PodHeartbeatWriter>();
        services.AddSingleton<ISecretReader, SecretReader>();
        services.AddSingleton<EndpointPipelines>();
        services.AddSingleton<PaidAnswers>();
        services.AddSingleton<PeerHttpClient>();
        services.AddSingleton<IGatewayPeers, GatewayPeers>();
        services.AddSingleton<ModelProxy>();
        services.AddSingleton(provider => new ProviderClient(
            new HttpClient(new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectTimeout = TimeSpan.FromSeconds(10),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            {
                // The pipeline holds the timeouts.
                Timeout = Timeout.InfiniteTimeSpan,
            },
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
