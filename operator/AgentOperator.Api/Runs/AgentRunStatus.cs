using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>The last observed state of a run.</summary>
public sealed record AgentRunStatus
{
    /// <summary>The maximum number of attempts kept in the status.</summary>
    public const int MaxAttempts = 10;

    /// <summary>Pending, Queued, Running, Waiting, Suspended, Recovering, Succeeded or Failed.</summary>
    [MaxLength(32)]
    public string? Phase { get; init; }

    /// <summary>The generation of the spec that this status describes.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>
    /// Accepted (the spec is valid), Running (a pod is working on the run), Finished (the run has ended), and ToolsReady (False if tools are
    /// left out).
    /// </summary>
    [MaxLength(16), ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>Number of the current or last attempt, from 1. Also the epoch of its commits.</summary>
    public int? Attempt { get; init; }

    /// <summary>Consecutive failed attempts without a new commit; progress resets it to zero.</summary>
    public int? Failures { get; init; }

    /// <summary>Pod of the current attempt.</summary>
    [MaxLength(253)]
    public string? Pod { get; init; }

    /// <summary>How the last finished attempt ended, such as OutOfMemory.</summary>
    [MaxLength(64)]
    public string? LastExit { get; init; }

    /// <summary>The last ten attempts, oldest first.</summary>
    [MaxLength(MaxAttempts), ListMap("number")]
    public IReadOnlyList<AttemptStatus>? Attempts { get; init; }

    /// <summary>The journal's head, from which a new attempt resumes.</summary>
    public CheckpointStatus? Checkpoint { get; init; }

    /// <summary>How far the agent has come.</summary>
    public ProgressStatus? Progress { get; init; }

    /// <summary>What the run has used so far.</summary>
    public UsageStatus? Usage { get; init; }

    /// <summary>What the run is waiting for.</summary>
    [MaxLength(1024)]
    public string? WaitingFor { get; init; }

    /// <summary>The agent's final answer.</summary>
    public ResultStatus? Result { get; init; }

    /// <summary>When the first attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the run ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>
    /// When the next attempt starts: at the end of its backoff, when its ModelEndpoint is tried again, or when its rejected pod is created again.
    /// </summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The condition of a type; null if the status does not have it.</summary>
    /// <param name="type">One of <see cref="ConditionTypes"/>.</param>
    public Condition? FindCondition(string type) => Conditions?.FirstOrDefault(condition => condition.Type == type);
}
