using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.ControlRuntime;
using AgentOperator.Gateway;
using AgentOperator.Gateway.Models;
using AgentOperator.Journal;
using AgentOperator.Pods;
using AgentOperator.Runs;
using AgentOperator.Telemetry;
using k8s.Models;
using OpenTelemetry.Metrics;

namespace AgentOperator.Hosting;

/// <summary>Adds the operator to an application.</summary>
internal static class AgentOperatorExtensions
{
    public static IServiceCollection AddAgentOperator(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(HostingOptions.Section);
        services.AddOptionsOf<HostingOptions>(section).AddOptionsOf<PodOptions>(section).AddOptionsOf<GatewayOptions>(section);
        var options = section.Get<HostingOptions>() ?? new HostingOptions();

        // Not the machine's clock, so that replicas whose clocks differ apply deadlines and pauses alike.
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<ServerClock>());
        services.AddMetrics();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(OperatorMeter.Name, ControlRuntimeOptions.MeterName, EndpointPipelines.MeterName, "System.Runtime")
            .AddPrometheusExporter());
        services.AddControlRuntime(runtime =>
        {
            runtime.LeaseNamespace = options.Namespace;
            runtime.Identity = options.PodName;

            // After an outage of the API server, runs should continue within seconds. A handful of replicas cannot overload it.
            runtime.WatchMaxBackoff = TimeSpan.FromSeconds(5);
        });
        services.AddHostedService<MemoryReturn>();
        services.AddCaches(options.WatchNamespace.Length > 0 ? options.WatchNamespace : null);
        services.AddKubernetesJournal();
        services.AddPods();
        services.AddGateway();
        services.AddRuns();
        services.AddController<AgentRunReconciler>("agentrun", options.Workers, controller => controller
            .For<AgentRun>()
            .Owns<V1Pod>()
            .Owns<JournalSegmentHeader>()
            .Watches<ModelEndpoint>(RunIndex.RunsThatUse));
        return services;
    }

    private static IServiceCollection AddOptionsOf<T>(this IServiceCollection services, IConfigurationSection section)
        where T : class
    {
        services.AddOptions<T>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        return services;
    }
}
