namespace AgentOperator.Pods;

/// <summary>Adds what makes and removes pods.</summary>
internal static class PodServices
{
    public static IServiceCollection AddPods(this IServiceCollection services) => services
        .AddSingleton<IPodClient, KubernetesPodClient>()
        .AddSingleton<PodBuilder>();
}
