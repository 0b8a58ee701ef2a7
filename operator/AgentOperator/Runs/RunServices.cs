using AgentOperator.ControlRuntime;
using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>Adds the reconciling of runs to an application.</summary>
internal static class RunServices
{
    /// <summary>Adds the reconciler and what it is made of. Informers and the controller are added by the host.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddObjectClient<V1ConfigMap>(ResourceDefinition.Of<V1ConfigMap>())
        .AddSingleton<TaskResolver>()
        .AddSingleton<PlanExecutor>()
        .AddSingleton<SnapshotReader>()
        .AddSingleton<StatusMemory>()
        .AddSingleton<LivenessTracker>()
        .AddSingleton<RunEvents>()
        .AddSingleton<RunMetrics>()
        .AddSingleton<AgentRunReconciler>();
}
