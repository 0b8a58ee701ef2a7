using AgentOperator.Api;
using AgentOperator.Caching;
using AgentOperator.Journal;
using AgentOperator.Runs.Attempts;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>The complete input of a decision about a run. Immutable.</summary>
internal sealed record RunSnapshot
{
    /// <summary>The run with the newest known status. Shared with the cache, so never modify it.</summary>
    public required AgentRun Run { get; init; }

    /// <summary>
    /// The journal's head; null before the journal starts and for a run that has ended. Read from the store, unless only the agent's progress
    /// changed: then it may be stale.
    /// </summary>
    public JournalHead? Head { get; init; }

    /// <summary>The tool call that the last attempt left open. Read only if it is suspected of crashing every attempt.</summary>
    public OpenCall? OpenCall { get; init; }

    /// <summary>Why the journal is unusable; null if it is usable.</summary>
    public string? JournalFault { get; init; }

    /// <summary>Whether the journal is unusable because a part of it was deleted.</summary>
    public bool IsJournalIncomplete { get; init; }

    /// <summary>Whether the status says that the run has ended and nothing confirms it, so that the journal decides.</summary>
    public bool IsEndDisputed { get; init; }

    /// <summary>
    /// The pods that name this run as their controller, by UID; not all of them are attempts. If the cache lacked the current attempt's pod, the
    /// server was asked.
    /// </summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>The pod that this process created for the next epoch, which is yet to be claimed; null if there is none.</summary>
    public CreatedPod? Created { get; init; }

    /// <summary>Whether the newest known status was not written by this process: another one wrote it, or somebody patched it.</summary>
    public bool IsStatusOfOthers { get; init; }

    /// <summary>Why the spec's ModelEndpoint is unusable; null if it is usable.</summary>
    public Blocker? EndpointBlocker { get; init; }

    /// <summary>Why the spec's ModelEndpoint is unavailable; null if it or one of its fallbacks is available or its status says nothing.</summary>
    public EndpointOutage? Outage { get; init; }

    /// <summary>Whether this run is the one that finds out if the outage has passed.</summary>
    public bool IsProbe { get; init; }

    /// <summary>The agent's task, or why it could not be read. Read only while there is no journal.</summary>
    public ResolvedTask Task { get; init; } = ResolvedTask.Found("");

    /// <summary>The spec's violations, as <c>path: sentence</c>; empty for a valid spec.</summary>
    public IReadOnlyList<string> SpecViolations { get; init; } = [];

    /// <summary>The paths of the fields that were changed although they may not. <see cref="Spec"/> has them as they were accepted.</summary>
    public IReadOnlyList<string> ChangedFields { get; init; } = [];

    /// <summary>Why an action of this reconcile could not be executed; null if none failed.</summary>
    public Blocker? Obstacle { get; init; }

    /// <summary>Why the namespace refused more memory in this reconcile; null if it did not.</summary>
    public MemoryRefusal? MemoryRefusal { get; init; }

    /// <summary>The time at which the decision is made.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>When the current pod's silence began, as observed by this process without a gap. Earlier silence proves nothing.</summary>
    public required DateTimeOffset SilentSince { get; init; }

    /// <summary>Spreads the backoff of runs that failed together. From 0 to less than 1, constant per attempt.</summary>
    public double Jitter { get; init; }

    public AgentRunSpec Spec => Run.Spec;

    public AgentRunStatus Status => Run.Status ?? Unset;

    public RunIdentity Identity => new(Run.Metadata.NamespaceProperty, Run.Metadata.Name, Run.Metadata.Uid);

    /// <summary>Whether any work has started that rejecting the spec would lose.</summary>
    public bool Started => Head is not null || Status.Attempt > 0;

    /// <summary>Whether the journal is unusable, or was deleted under a run that had one.</summary>
    public bool IsJournalBroken => JournalFault is not null || IsJournalMissing;

    /// <summary>Whether the journal was deleted under a run that had one.</summary>
    public bool IsJournalMissing => IsJournalIncomplete || (JournalFault is null && Head is null && Status.Checkpoint is not null);

    private static AgentRunStatus Unset { get; } = new();

    /// <summary>A copy of the snapshot with a status of this process. The cached run is not modified.</summary>
    public RunSnapshot WithStatus(AgentRunStatus status) => this with
    {
        Run = new AgentRun { ApiVersion = Run.ApiVersion, Kind = Run.Kind, Metadata = Run.Metadata, Spec = Run.Spec, Status = status },
        IsStatusOfOthers = false,
    };

    /// <summary>A copy of the snapshot that goes by the accepted spec. The cached run is not modified.</summary>
    public RunSnapshot WithAccepted(AcceptedSpec accepted) => this with { Run = accepted.ApplyTo(Run), ChangedFields = accepted.RefusedFields };
}
