using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using AgentOperator.Api;
using k8s.Models;

namespace AgentOperator.Caching;

/// <summary>
/// What the cache keeps of a finished run whose last generation has been observed. There are many of them, and little of them is read. The spec
/// and most of the status must be read from the server. A change of the spec brings the whole run back, and so does a report that reconciling it
/// fails, because the next reconcile withdraws that. ADR 16 has the figures.
/// </summary>
internal sealed class ShortRun : AgentRun
{
    /// <summary>The parts of the spec that are kept, by time to live; -1 for none.</summary>
    private static readonly ConcurrentDictionary<int, AgentRunSpec> Specs = new();

    [SetsRequiredMembers]
    private ShortRun(AgentRun run, AgentRunStatus status)
    {
        Metadata = new V1ObjectMeta
        {
            Name = run.Metadata.Name,
            NamespaceProperty = string.Intern(run.Metadata.NamespaceProperty),
            Uid = run.Metadata.Uid,
            ResourceVersion = run.Metadata.ResourceVersion,
            Generation = run.Metadata.Generation,
            DeletionTimestamp = run.Metadata.DeletionTimestamp,
        };
        Spec = Specs.GetOrAdd(run.Spec.TtlSecondsAfterFinished ?? -1, SpecOf);
        Status = new AgentRunStatus
        {
            Phase = string.Intern(status.Phase!),
            Attempt = status.Attempt,
            ObservedGeneration = status.ObservedGeneration,
            FinishedAt = status.FinishedAt,
            Conditions = status.FindCondition(ConditionTypes.Finished) is { } finished
                ? [finished with
                {
                    Type = ConditionTypes.Finished,
                    Status = string.Intern(finished.Status),
                    Reason = string.Intern(finished.Reason),
                    Message = "",
                }]
                : null,
        };
    }

    /// <summary>The run as the cache keeps it: in short when it has ended and is observed, else whole.</summary>
    public static AgentRun Of(AgentRun run) =>
        run.Status is { } status && Phases.IsTerminal(status.Phase) && status.ObservedGeneration == run.Metadata.Generation
        && status.FindCondition(ConditionTypes.Running)?.Reason != Reasons.ReconcileError
            ? new ShortRun(run, status)
            : run;

    private static AgentRunSpec SpecOf(int timeToLive) => new()
    {
        Model = new ModelSpec { Name = "", EndpointRef = new LocalReference { Name = "" } },
        TtlSecondsAfterFinished = timeToLive < 0 ? null : timeToLive,
    };
}
