using AgentOperator.Api;
using AgentOperator.ControlRuntime;
using k8s;
using k8s.Models;

namespace AgentOperator.Caching;

/// <summary>Adds the caches that the operator reads from.</summary>
internal static class CacheServices
{
    /// <param name="services">The application.</param>
    /// <param name="watched">The one namespace to watch; null for all.</param>
    public static IServiceCollection AddCaches(this IServiceCollection services, string? watched)
    {
        services.AddCache<AgentRun>(watched, runs =>
        {
            runs.AddIndex(RunIndex.ByEndpoint, RunIndex.EndpointOf);
            runs.Transform = ShortRun.Of;
        });
        services.AddCache<ModelEndpoint>(watched);

        // The head of a finished journal is never read from here. The other heads may be stale.
        services.AddCache<JournalSegmentHeader>(watched, segments =>
        {
            segments.LabelSelector = $"!{Labels.Finished}";
            segments.ListFromServerCache = true;
        });
        services.AddInformer<V1Pod>(ResourceDefinition.Of<V1Pod>(), informer =>
        {
            informer.Namespace = watched;
            informer.LabelSelector = $"{Labels.ManagedBy}={Labels.ManagedByValue},{Labels.Run}";
            informer.Transform = ShortPod.Of;
        });
        return services.AddSingleton<AcceptedSpecs>();
    }

    private static void AddCache<T>(this IServiceCollection services, string? watched, Action<InformerOptions<T>>? configure = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        services.AddInformer<T>(ResourceDefinition.Of<T>(), informer =>
        {
            informer.Namespace = watched;
            informer.JsonOptions = ApiJson.Options;
            configure?.Invoke(informer);
        });
}
