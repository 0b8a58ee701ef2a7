using AgentOperator.Api;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Caching;

/// <summary>Finds the runs that use a ModelEndpoint.</summary>
internal static class RunIndex
{
    /// <summary>The index of runs by <c>namespace/name</c> of their ModelEndpoint.</summary>
    public const string ByEndpoint = "endpoint";

    /// <summary>The value that <see cref="ByEndpoint"/> files a run under; none for one that has ended.</summary>
    public static IEnumerable<string> EndpointOf(AgentRun run) =>
        Phases.IsTerminal(run.Status?.Phase) || run.Spec?.Model?.EndpointRef is not { } endpoint
            ? []
            : [$"{run.Metadata.NamespaceProperty}/{endpoint.Name}"];

    /// <summary>The runs to reconcile when an endpoint changes: its own, and those of endpoints that it stands in for.</summary>
    public static IEnumerable<ObjectKey> RunsThatUse(IServiceProvider services, ModelEndpoint endpoint)
    {
        var (space, name) = (endpoint.Metadata.NamespaceProperty, endpoint.Metadata.Name);
        var runs = services.GetRequiredService<ILister<AgentRun>>();
        return services.GetRequiredService<ILister<ModelEndpoint>>().List(space)
            .Where(other => other.Metadata.Name != name && other.Spec?.Fallbacks?.Any(fallback => fallback.Name == name) == true)
            .Select(other => other.Metadata.Name)
            .Append(name)
            .SelectMany(used => runs.ByIndex(ByEndpoint, $"{space}/{used}"))
            .Select(ObjectKey.Of);
    }
}
