using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>How far an agent is.</summary>
public sealed record ProgressStatus
{
    /// <summary>Model answers so far.</summary>
    public int Step { get; init; }

    /// <summary>What the agent does now, in a few words; never prompt text.</summary>
    [MaxLength(256)]
    public string? Message { get; init; }
}
