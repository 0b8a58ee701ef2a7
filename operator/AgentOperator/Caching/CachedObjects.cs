using System.Collections.Concurrent;
using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Caching;

/// <summary>
/// What the caches keep of an object: all of a run that is under way, little of one that has ended, of which there are many and nobody asks much. Of pods only what
/// decisions are made from.
/// </summary>
internal static class CachedObjects
{
    private static readonly ModelSpec UnreadModel = new() { Name = "", EndpointRef = new LocalReference { Name = "" } };

    /// <summary>The specs of ended runs by their time to live, -1 for those without one.</summary>
    private static readonly ConcurrentDictionary<int, AgentRunSpec> Specs = new();

    /// <summary>Whether a run is kept in short: its spec and most of its status have to be read from the server.</summary>
    public static bool IsShort(AgentRun run) => ReferenceEquals(run.Spec.Model, UnreadModel);

    /// <summary>Shortens a run that has ended and of which everything has been observed. Any change of its spec brings it back whole.</summary>
    public static void Shorten(AgentRun run)
    {
        if (run.Status is not { } status || !Phases.IsTerminal(status.Phase) || status.ObservedGeneration != run.Metadata.Generation)
        {
            return;
        }

        var metadata = run.Metadata;
        run.Metadata = new V1ObjectMeta
        {
            Name = metadata.Name,
            NamespaceProperty = string.Intern(metadata.NamespaceProperty),
            Uid = metadata.Uid,
            ResourceVersion = metadata.ResourceVersion,
            Generation = metadata.Generation,
            DeletionTimestamp = metadata.DeletionTimestamp,
        };
        run.Spec = Specs.GetOrAdd(run.Spec.TtlSecondsAfterFinished ?? -1, Spec);
        run.Status = new AgentRunStatus
        {
            Phase = string.Intern(status.Phase!),
            Attempt = status.Attempt,
            ObservedGeneration = status.ObservedGeneration,
            FinishedAt = status.FinishedAt,
            Conditions = status.FindCondition(ConditionTypes.Finished) is { } finished
                ? [finished with { Type = ConditionTypes.Finished, Status = string.Intern(finished.Status), Reason = string.Intern(finished.Reason), Message = "" }]
                : null,
        };
    }

    /// <summary>Leaves out of a pod how its containers are made: where it runs, what it may use and what became of it stays.</summary>
    public static void Shorten(V1Pod pod)
    {
        if (pod.Spec is not { } spec)
        {
            return;
        }

        pod.Spec = new V1PodSpec
        {
            NodeName = spec.NodeName,
            TerminationGracePeriodSeconds = spec.TerminationGracePeriodSeconds,
            Containers = [.. spec.Containers.Select(container => new V1Container { Name = container.Name, Resources = new V1ResourceRequirements { Limits = container.Resources?.Limits } })],
        };
    }

    private static AgentRunSpec Spec(int timeToLive) => new()
    {
        Model = UnreadModel,
        TtlSecondsAfterFinished = timeToLive < 0 ? null : timeToLive,
    };
}
