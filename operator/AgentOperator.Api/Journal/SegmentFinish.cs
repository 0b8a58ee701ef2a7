using System.ComponentModel.DataAnnotations;
using AgentOperator.Protocol;

namespace AgentOperator.Api;

/// <summary>How a run ended.</summary>
public sealed record SegmentFinish
{
    /// <summary>Succeeded or Failed.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>Machine-readable reason, one CamelCase word.</summary>
    [MaxLength(128)]
    public required string Reason { get; init; }

    /// <summary>Human-readable explanation.</summary>
    [MaxLength(4096)]
    public string? Message { get; init; }

    /// <summary>The first 4 KiB of the agent's answer.</summary>
    [MaxLength(4096)]
    public string? Result { get; init; }
}
