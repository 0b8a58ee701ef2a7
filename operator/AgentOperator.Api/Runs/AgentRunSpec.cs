using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>What is to be done, with what, and within which limits.</summary>
[ValidationRule("has(self.task) != has(self.taskFrom)", "exactly one of task and taskFrom must be given", FieldPath = ".task")]
public sealed record AgentRunSpec
{
    /// <summary>What the agent is to do, in words: the first user message. Give this or taskFrom.</summary>
    [MinLength(1), MaxLength(65536), Immutable]
    public string? Task { get; init; }

    /// <summary>Where the task is written, when it is not written here.</summary>
    [Immutable]
    public TaskSource? TaskFrom { get; init; }

    /// <summary>How the agent is to behave: the system message. Default: none.</summary>
    [MaxLength(65536), Immutable]
    public string? Instructions { get; init; }

    /// <summary>The model that the agent thinks with.</summary>
    [Immutable]
    public required ModelSpec Model { get; init; }

    /// <summary>The tools that the agent may use. Default: none.</summary>
    [MaxLength(32), ListMap("name"), Immutable]
    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];

    /// <summary>How much the run may use. Each limit can be raised while the run works, never lowered.</summary>
    public LimitsSpec Limits { get; init; } = new();

    /// <summary>CPU, memory and disk of the run's pods.</summary>
    [Immutable]
    public ResourcesSpec Resources { get; init; } = new();

    /// <summary>
    /// What happens after a pod was lost: a new attempt goes on from the last commit. Disruptions (eviction, preemption, drain, node loss)
    /// cost nothing. An attempt that fails without having committed anything new costs one failure; progress sets the count back to zero.
    /// </summary>
    public RecoverySpec Recovery { get; init; } = new();

    /// <summary>Where and how isolated the run's pods run.</summary>
    [Immutable]
    public SandboxSpec Sandbox { get; init; } = new();

    /// <summary>The program that runs the agent.</summary>
    [Immutable]
    public RunnerSpec Runner { get; init; } = new();

    /// <summary>
    /// Stops the run's pod and starts none while true; the journal stays, and the run goes on when it is false again. Default: false.
    /// </summary>
    public bool Suspend { get; init; }

    /// <summary>Seconds after the run's end at which it is deleted with its journal. Default: it is kept.</summary>
    [Range(0, 315360000)]
    public int? TtlSecondsAfterFinished { get; init; }
}
