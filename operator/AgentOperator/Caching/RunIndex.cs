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
        Phases.IsTerminal(run.Status?.Phase) ? [] : [$"{run.Metadata.NamespaceProperty}/{run.Spec.Model.EndpointRef.Name}"];

    /// <summary>The runs to reconcile when an endpoint changes.</summary>
    public static IEnumerable<ObjectKey> RunsThatUse(IServiceProvider services, ModelEndpoint endpoint) =>
        services.GetRequiredService<ILister<AgentRun>>()
            .ByIndex(ByEndpoint, $"{endpoint.Metadata.NamespaceProperty}/{endpoint.Metadata.Name}")
            .Select(ObjectKey.Of);
}
