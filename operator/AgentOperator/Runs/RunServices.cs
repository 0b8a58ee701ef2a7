using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Registers the services that reconcile runs.</summary>
internal static class RunServices
{
    /// <summary>Adds the reconciler and its dependencies. The host adds informers and the controller.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddObjectClient<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>())
        .AddObjectClient<V1ServiceAccount>(ResourceDefinition.Of<V1ServiceAccount>())
        .AddSingleton<TaskResolver>()
        .AddSingleton<AgentAccounts>()
        .AddSingleton<CreatedPods>()
        .AddSingleton<AttemptPods>()
        .AddSingleton<DoubtfulPod>()
        .AddSingleton<PlanExecutor>()
        .AddSingleton<SnapshotReader>()
        .AddSingleton<StatusMemory>()
        .AddSingleton<StatusWriter>()
        .AddSingleton<LivenessTracker>()
        .AddSingleton<RunEvents>()
        .AddSingleton<RunGauges>()
        .AddSingleton<RunMetrics>()
        .AddSingleton<AgentRunReconciler>()
        .AddSingleton<ReportedFailures>();
}
