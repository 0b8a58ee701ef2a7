using AgentOperator.ControlRuntime;
using AgentOperator.Gateway.Models;
using AgentOperator.Telemetry;
using OpenTelemetry.Metrics;

namespace AgentOperator.Hosting;

/// <summary>Which meters <c>/metrics</c> shows, and how.</summary>
internal static class OperatorMetrics
{
    /// <summary>What Polly counts: retries, timeouts, full queues and pauses of a ModelEndpoint.</summary>
    private static readonly MetricStreamConfiguration PollyEvents =
        new() { TagKeys = [MetricLabels.Namespace, MetricLabels.Endpoint, "strategy.name", "event.name"] };

    public static IServiceCollection AddOperatorMetrics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(OperatorMeter.Name, ControlRuntimeOptions.MeterName, EndpointPipelines.MeterName, "System.Runtime")
            .AddView("resilience.polly.strategy.events", PollyEvents)

            // In milliseconds; agentoperator_model_call_seconds says the same.
            .AddView("resilience.polly.*.duration", MetricStreamConfiguration.Drop)

            // Prometheus keeps the suffix _count for histograms.
            .AddView("dotnet.assembly.count", "dotnet.assemblies")
            .AddView("dotnet.process.cpu.count", "dotnet.process.cpus")
            .AddView("dotnet.thread_pool.thread.count", "dotnet.thread_pool.threads")
            .AddView("dotnet.timer.count", "dotnet.timers")
            .AddPrometheusExporter());
        return services;
    }
}
