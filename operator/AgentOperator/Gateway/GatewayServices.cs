using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Bodies;
using AgentOperator.Gateway.Endpoints;
using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Gateway.Identity;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Peers;
using AgentOperator.Pods;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentOperator.Gateway;

/// <summary>
/// Adds the gateway that runner pods talk to. What reaches outside the process is added with TryAdd: an application that registers its own first, or
/// replaces it afterwards, gets the gateway around it.
/// </summary>
internal static class GatewayServices
{
    /// <summary>The gateway as it is delivered: it talks to the API server and to the other replicas.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<GatewayAuthority>();
        services.AddSingleton<IGatewayAuthority>(provider => provider.GetRequiredService<GatewayAuthority>());
        services.AddHostedService<GatewayAuthorityLoader>();
        services.AddHostedService<EndpointChanges>();
        services.TryAddSingleton<EndpointReconciler>();
        services.AddHostedService(provider => provider.GetRequiredService<AnswersUnderWay>());
        services.TryAddSingleton<ITokenReviewer, TokenReviewer>();
        services.TryAddSingleton<IHeartbeatWriter, PodHeartbeatWriter>();
        services.AddObjectClient<V1Secret>(ResourceDefinition.Of<V1Secret>());
        services.TryAddSingleton<ISecretReader, SecretReader>();
        services.TryAddSingleton<ServiceEndpoints>();
        services.TryAddSingleton<PeerHttpClient>();
        services.TryAddSingleton<IGatewayPeers, GatewayPeers>();
        return services.AddGatewayRoutes();
    }

    /// <summary>
    /// Only the routes and what they do. It needs a journal, a clock, the caches, an
    /// <see cref="IObjectClient{T}"/> of each, and an <see cref="ITokenReviewer"/>, <see cref="IHeartbeatWriter"/>, <see cref="ISecretReader"/>
    /// and <see cref="IGatewayPeers"/>.
    /// </summary>
    public static IServiceCollection AddGatewayRoutes(this IServiceCollection services)
    {
        services.TryAddSingleton<GatewayMetrics>();
        services.TryAddSingleton<ReviewBounds>();
        services.TryAddSingleton<RunnerTokens>();
        services.TryAddSingleton<AcceptedRuns>();
        services.TryAddSingleton<RunnerAuthenticator>();
        services.TryAddSingleton<RunnerRequests>();
        services.TryAddSingleton<BodyBudget>();
        services.TryAddSingleton<BodyReader>();
        services.AddSingleton<IGatewayEndpoint, DescribeRunEndpoint>();
        services.AddSingleton<IGatewayEndpoint, ReadJournalEndpoint>();
        services.AddSingleton<IGatewayEndpoint, AppendRecordsEndpoint>();
        services.AddSingleton<IGatewayEndpoint, HeartbeatEndpoint>();
        services.AddSingleton<IGatewayEndpoint, ChatCompletionsEndpoint>();
        services.AddSingleton<IGatewayEndpoint, PeerCallEndpoint>();
        services.AddSingleton<IGatewayEndpoint, PeerAnswerEndpoint>();
        services.AddSingleton<IGatewayEndpoint, FinishRunEndpoint>();
        services.AddOptions();
        services.TryAddSingleton(provider =>
            ProviderTransport.Create(provider.GetRequiredService<IOptions<GatewayOptions>>().Value.AllowLinkLocalAddresses));
        services.TryAddSingleton<OutputLimitNames>();
        services.TryAddSingleton<ProviderClient>();
        services.TryAddSingleton(RetryJitter.AtRandom);
        services.TryAddSingleton<EndpointPipelines>();
        services.TryAddSingleton<PaidAnswers>();
        services.TryAddSingleton<CommittedAnswers>();
        services.TryAddSingleton<AnswerLookup>();
        services.TryAddSingleton<EndpointEvents>();
        services.TryAddSingleton<EndpointStatusWriter>();
        services.TryAddSingleton<EndpointHealth>();
        services.TryAddSingleton<CredentialReader>();
        services.TryAddSingleton<ChangedKey>();
        services.TryAddSingleton<UnusedCalls>();
        services.TryAddSingleton<RunBudget>();
        services.TryAddSingleton<ProviderCall>();
        services.TryAddSingleton<CallWithFallbacks>();
        services.TryAddSingleton<AnswerCommit>();
        services.TryAddSingleton<AnswersUnderWay>();
        services.TryAddSingleton<ModelCalls>();
        return services;
    }
}
