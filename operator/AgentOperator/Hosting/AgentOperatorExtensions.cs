using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Runs;
using k8s.Models;

namespace AgentOperator.Hosting;

/// <summary>Adds the operator to an application.</summary>
internal static class AgentOperatorExtensions
{
    /// <summary>How many ModelEndpoints are reconciled at once.</summary>
    public const int EndpointWorkers = 1;

    public static IServiceCollection AddAgentOperator(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(HostingOptions.Section);
        services.AddOptionsOf<HostingOptions>(section).AddOptionsOf<PodOptions>(section).AddOptionsOf<GatewayOptions>(section);
        var options = section.Get<HostingOptions>() ?? new HostingOptions();

        // Not the machine's clock, so that replicas whose clocks differ apply deadlines and pauses alike.
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<ServerClock>());
        services.AddOperatorMetrics();
        services.AddControlRuntime(runtime =>
        {
            runtime.LeaseNamespace = options.Namespace;
            runtime.LeaseName = options.LeaseName;
            runtime.Identity = options.PodName;
            runtime.StreamLists = options.StreamLists;

            // After an outage of the API server, runs should continue within seconds. A handful of replicas cannot overload it.
            runtime.WatchMaxBackoff = TimeSpan.FromSeconds(5);
        });
        services.AddHostedService<MemoryReturn>();
        return services.AddRunsAndGateway(options.WatchNamespace.Length > 0 ? options.WatchNamespace : null, options.Workers);
    }

    /// <summary>What the operator does, without how its process is configured, measured and hosted.</summary>
    /// <param name="services">The application, with the control runtime.</param>
    /// <param name="watched">The one namespace to watch; null for all.</param>
    /// <param name="workers">How many runs are reconciled at once.</param>
    public static IServiceCollection AddRunsAndGateway(this IServiceCollection services, string? watched, int workers) => services
        .AddCaches(watched)
        .AddKubernetesJournal()
        .AddPods()
        .AddGateway()
        .AddRuns()
        .AddController<EndpointReconciler>("modelendpoint", EndpointWorkers, controller => controller.For<ModelEndpoint>())
        .AddController<ReportedFailures>("agentrun", workers, controller => controller
            .For<AgentRun>()
            .Owns<V1Pod>()
            .Owns<JournalSegmentHeader>()
            .Watches<ModelEndpoint>(RunIndex.RunsThatUse));

    private static IServiceCollection AddOptionsOf<T>(this IServiceCollection services, IConfigurationSection section)
        where T : class
    {
        services.AddOptions<T>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
