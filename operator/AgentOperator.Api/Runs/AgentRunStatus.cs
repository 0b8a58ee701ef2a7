using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>What the operator observed last.</summary>
public sealed record AgentRunStatus
{
    /// <summary>The most attempts that are kept in the status.</summary>
    public const int MaxAttempts = 10;

    /// <summary>Pending, Queued, Running, Waiting, Suspended, Recovering, Succeeded or Failed.</summary>
    [MaxLength(32)]
    public string? Phase { get; init; }

    /// <summary>The generation of the spec that this status is of.</summary>
    public long? ObservedGeneration { get; init; }

    /// <summary>Accepted (the spec can be carried out), Running (a pod works on it) and Finished (the run reached its end).</summary>
    [MaxLength(16), ListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    /// <summary>Number of the current or last attempt, from 1: the epoch that its commits carry.</summary>
    public int? Attempt { get; init; }

    /// <summary>Consecutive attempts that ended without anything new committed; progress sets it back to zero.</summary>
    public int? Failures { get; init; }

    /// <summary>Pod of the current attempt.</summary>
    [MaxLength(253)]
    public string? Pod { get; init; }

    /// <summary>How the last ended attempt ended, such as OutOfMemory.</summary>
    [MaxLength(64)]
    public string? LastExit { get; init; }

    /// <summary>The last ten attempts, oldest first.</summary>
    [MaxLength(MaxAttempts), ListMap("number")]
    public IReadOnlyList<AttemptStatus>? Attempts { get; init; }

    /// <summary>The journal's head: where a new attempt goes on.</summary>
    public CheckpointStatus? Checkpoint { get; init; }

    /// <summary>How far the agent is.</summary>
    public ProgressStatus? Progress { get; init; }

    /// <summary>What the run used so far.</summary>
    public UsageStatus? Usage { get; init; }

    /// <summary>What the run waits for, as a sentence.</summary>
    [MaxLength(1024)]
    public string? WaitingFor { get; init; }

    /// <summary>What the agent answered at its end.</summary>
    public ResultStatus? Result { get; init; }

    /// <summary>When the first attempt started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When the run reached its end.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When the next attempt starts, while the run backs off.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>The condition of a type; null when the status has none of it.</summary>
    /// <param name="type">One of <see cref="ConditionTypes"/>.</param>
    public Condition? FindCondition(string type) => Conditions?.FirstOrDefault(condition => condition.Type == type);
}
