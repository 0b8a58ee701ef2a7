using AgentOperator.Runs.Recovery;
using AgentOperator.Runs.Status;

namespace AgentOperator.Runs;

/// <summary>Adds the reconciling of runs to an application.</summary>
internal static class RunServices
{
    /// <summary>Adds the reconciler and what it is made of. Informers and the controller are added by the host.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<IRunClient, KubernetesRunClient>()
        .AddSingleton<ITaskSource, KubernetesTaskSource>()
        .AddSingleton<PlanExecutor>()
        .AddSingleton<SnapshotReader>()
        .AddSingleton<StatusMemory>()
        .AddSingleton<LivenessTracker>()
        .AddSingleton<RunEvents>()
        .AddSingleton<RunMetrics>()
        .AddSingleton<AgentRunReconciler>();
}
