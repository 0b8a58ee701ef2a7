using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>How far an agent has come.</summary>
public sealed record ProgressStatus
{
    /// <summary>Number of model answers so far.</summary>
    public int Step { get; init; }

    /// <summary>What the agent is doing, in a few words. Never prompt text.</summary>
    [MaxLength(256)]
    public string? Message { get; init; }
}
