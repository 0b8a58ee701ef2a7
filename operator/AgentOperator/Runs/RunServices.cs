using AgentOperator.Api;

namespace AgentOperator.Runs;

/// <summary>Adds the reconciling of runs to an application.</summary>
internal static class RunServices
{
    /// <summary>The index of runs by <c>namespace/name</c> of their ModelEndpoint.</summary>
    public const string ByEndpoint = "endpoint";

    /// <summary>Adds the reconciler and what it is made of. Informers and the controller are added by the host.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<IPodClient, KubernetesPodClient>()
        .AddSingleton<IRunClient, KubernetesRunClient>()
        .AddSingleton<ITaskSource, KubernetesTaskSource>()
        .AddSingleton<PodBuilder>()
        .AddSingleton<PlanExecutor>()
        .AddSingleton<SnapshotReader>()
        .AddSingleton<StatusMemory>()
        .AddSingleton<LifeSigns>()
        .AddSingleton<RunEvents>()
        .AddSingleton<RunMetrics>()
        .AddSingleton<AgentRunReconciler>();

    /// <summary>The value that <see cref="ByEndpoint"/> files a run under; none for one that has ended.</summary>
    public static IEnumerable<string> EndpointOf(AgentRun run) =>
        Phases.IsTerminal(run.Status?.Phase) ? [] : [$"{run.Metadata.NamespaceProperty}/{run.Spec.Model.EndpointRef.Name}"];
}
