namespace AgentOperator.Pods;

/// <summary>Adds what makes pods.</summary>
internal static class PodServices
{
    public static IServiceCollection AddPods(this IServiceCollection services) => services
        .AddSingleton<PodBuilder>();
}
