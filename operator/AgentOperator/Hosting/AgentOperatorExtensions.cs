using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Peers;
using AgentOperator.Journal;
using AgentOperator.Journal.Kubernetes;
using AgentOperator.Runs;
using k8s;
using k8s.Models;
using OpenTelemetry.Metrics;

namespace AgentOperator.Hosting;

/// <summary>Adds the operator to an application.</summary>
internal static class AgentOperatorExtensions
{
    public static IServiceCollection AddAgentOperator(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(AgentOperatorOptions.Section);
        services.AddOptions<AgentOperatorOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        var options = section.Get<AgentOperatorOptions>() ?? new AgentOperatorOptions();

        // Not the machine's clock: replicas on machines whose clocks differ judge deadlines and pauses alike.
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<ServerClock>());
        services.AddMetrics();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(RunMetrics.MeterName, ControlRuntimeOptions.MeterName, "System.Runtime")
            .AddPrometheusExporter());
        services.AddControlRuntime(runtime =>
        {
            runtime.LeaseNamespace = options.Namespace;
            runtime.Identity = options.PodName;

            // After an outage of the API server runs should go on within seconds; a handful of replicas cannot stampede it.
            runtime.WatchMaxBackoff = TimeSpan.FromSeconds(5);
        });
        services.AddCaches(options.WatchNamespace.Length > 0 ? options.WatchNamespace : null);
        services.AddJournal();
        services.AddGateway();
        services.AddRuns();
        services.AddController<AgentRunReconciler>("agentrun", options.Workers, controller => controller
            .For<AgentRun>()
            .Owns<V1Pod>()
            .Owns<JournalSegmentHeader>()
            .Watches<ModelEndpoint>(RunsThatUse));
        return services;
    }

    private static IEnumerable<ObjectKey> RunsThatUse(IServiceProvider services, ModelEndpoint endpoint) =>
        services.GetRequiredService<ILister<AgentRun>>()
            .ByIndex(RunServices.ByEndpoint, $"{endpoint.Metadata.NamespaceProperty}/{endpoint.Metadata.Name}")
            .Select(ObjectKey.Of);

    private static void AddCaches(this IServiceCollection services, string? watched)
    {
        services.AddCache<AgentRun>(watched, runs =>
        {
            runs.AddIndex(RunServices.ByEndpoint, RunServices.EndpointOf);
            runs.Transform = CachedObjects.Shorten;
        });
        services.AddCache<ModelEndpoint>(watched);

        // Nobody asks what a finished journal's head is; what is known of the others may be a moment old.
        services.AddCache<JournalSegmentHeader>(watched, segments =>
        {
            segments.LabelSelector = $"!{Labels.Finished}";
            segments.ListFromServerCache = true;
        });
        services.AddInformer<V1Pod>(ResourceDefinition.Of<V1Pod>(), informer =>
        {
            informer.Namespace = watched;
            informer.LabelSelector = $"{Labels.ManagedBy}={Labels.ManagedByValue},{Labels.Run}";
            informer.Transform = CachedObjects.Shorten;
        });
    }

    private static void AddCache<T>(this IServiceCollection services, string? watched, Action<InformerOptions<T>>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        services.AddInformer<T>(ResourceDefinition.Of<T>(), informer =>
        {
            informer.Namespace = watched;
            informer.JsonOptions = ApiJson.Options;
            configure?.Invoke(informer);
        });

    private static void AddJournal(this IServiceCollection services)
    {
        services.AddSingleton<ISegmentClient, KubernetesSegmentClient>();
        services.AddSingleton<IJournalStore, SegmentJournalStore>();
    }

    private static void AddGateway(this IServiceCollection services)
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
    }
}
