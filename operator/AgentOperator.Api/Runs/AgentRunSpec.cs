using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>The task, the model and tools to use, and the limits.</summary>
[ValidationRule("has(self.task) != has(self.taskFrom)", "exactly one of task and taskFrom must be given", FieldPath = ".task")]
public sealed record AgentRunSpec
{
    /// <summary>The task in words, sent as the first user message. Set either task or taskFrom.</summary>
    [MinLength(1), MaxLength(65536), Immutable]
    public string? Task { get; init; }

    /// <summary>Where to read the task from, if it is not given inline.</summary>
    [Immutable]
    public TaskSource? TaskFrom { get; init; }

    /// <summary>How the agent should behave, sent as the system message. Default: none.</summary>
    [MaxLength(65536), Immutable]
    public string? Instructions { get; init; }

    /// <summary>The model that the agent uses. Only its parameters can change.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The tools that the agent may use. Default: none.</summary>
    [MaxLength(32), ListMap("name"), Immutable]
    public IReadOnlyList<ToolSpec> Tools { get; init; } = [];

    /// <summary>The run's limits. They can be changed at any time, but only maxContextBytes can be lowered.</summary>
    public LimitsSpec Limits { get; init; } = new();

    /// <summary>CPU, memory and disk of the run's pods.</summary>
    [Immutable]
    public ResourcesSpec Resources { get; init; } = new();

    /// <summary>
    /// What happens after a pod is lost. A new attempt resumes from the last commit. Disruptions (eviction, preemption, drain, node loss)
    /// are free. An attempt that fails without a new commit counts as one failure; progress resets the count to zero.
    /// </summary>
    public RecoverySpec Recovery { get; init; } = new();

    /// <summary>Scheduling and isolation of the run's pods.</summary>
    [Immutable]
    public SandboxSpec Sandbox { get; init; } = new();

    /// <summary>The program that runs the agent.</summary>
    [Immutable]
    public RunnerSpec Runner { get; init; } = new();

    /// <summary>
    /// What is added to the run's pods: labels, annotations, scheduling, environment variables and volumes. Can change at any time; a change
    /// applies from the next attempt. Default: nothing.
    /// </summary>
    public PodTemplate? PodTemplate { get; init; }

    /// <summary>
    /// While true, the run's pod is stopped and no new one is started. The journal is kept, and the run resumes when set to false. Default: false.
    /// </summary>
    public bool Suspend { get; init; }

    /// <summary>Seconds after the end of the run until it is deleted with its journal. Default: never deleted.</summary>
    [Range(0, 315360000)]
    public int? TtlSecondsAfterFinished { get; init; }
}
