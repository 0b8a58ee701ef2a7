using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Runs.Recovery;
using AgentOperator.Validation;
using k8s.Models;

namespace AgentOperator.Runs;

/// <summary>All that a decision about a run is made from, read before it is made. Nothing in it is changed by deciding.</summary>
internal sealed record RunSnapshot
{
    /// <summary>The run with the newest status that is known; its object is shared with the cache and never changed.</summary>
    public required AgentRun Run { get; init; }

    /// <summary>The journal's head, fresh from the store unless an agent's progress is all that is new; null before the journal starts and for a run that has ended.</summary>
    public JournalHead? Head { get; init; }

    /// <summary>The tool call that the last attempt left open. Only looked up when it is suspected of having ended attempt after attempt.</summary>
    public OpenCall? OpenCall { get; init; }

    /// <summary>Why the journal cannot be used; null while it can.</summary>
    public string? JournalFault { get; init; }

    /// <summary>The pods that this run, by its UID, controls. A pod of the current attempt that is missing here was looked up on the server.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>Why the ModelEndpoint that the spec names cannot be used; null when it can.</summary>
    public Blocker? EndpointBlocker { get; init; }

    /// <summary>What the agent is to do, as far as it could be read. Only looked up while there is no journal.</summary>
    public ResolvedTask Task { get; init; } = ResolvedTask.Found("");

    /// <summary>What is wrong with the spec, as <c>path: sentence</c>; empty for a valid one.</summary>
    public IReadOnlyList<string> SpecViolations { get; init; } = [];

    /// <summary>The immutable fields in which the spec differs from the one that the journal froze.</summary>
    public IReadOnlyList<string> ChangedFields { get; init; } = [];

    /// <summary>What kept an action of this reconcile from being done; null when nothing did.</summary>
    public Blocker? Obstacle { get; init; }

    /// <summary>The time that the decision is made for.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Since when this process, looking without a gap, has seen no new sign of life of the current pod: silence before it proves nothing.</summary>
    public required DateTimeOffset SilentSince { get; init; }

    /// <summary>Spreads the backoff of runs that failed together: from 0 to less than 1, the same for the same attempt.</summary>
    public double Jitter { get; init; }

    public AgentRunSpec Spec => Run.Spec;

    public AgentRunStatus Status => Run.Status ?? Unset;

    public RunIdentity Identity => new(Run.Metadata.NamespaceProperty, Run.Metadata.Name, Run.Metadata.Uid);

    /// <summary>Whether anything was begun that a rejected spec would throw away.</summary>
    public bool Started => Head is not null || Status.Attempt > 0 || Pods.Count > 0;

    private static AgentRunStatus Unset { get; } = new();

    /// <summary>The same snapshot with another status of the run; the cached run stays as it is.</summary>
    public RunSnapshot WithStatus(AgentRunStatus status) => With(Run.Spec, status);

    /// <summary>The same snapshot with another spec of the run; the cached run stays as it is.</summary>
    public RunSnapshot WithSpec(AgentRunSpec spec) => With(spec, Run.Status);

    private RunSnapshot With(AgentRunSpec spec, AgentRunStatus? status) => this with
    {
        Run = new AgentRun { ApiVersion = Run.ApiVersion, Kind = Run.Kind, Metadata = Run.Metadata, Spec = spec, Status = status },
    };
}
