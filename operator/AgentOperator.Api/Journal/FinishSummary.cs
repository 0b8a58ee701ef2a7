using System.ComponentModel.DataAnnotations;
using AgentOperator.Protocol;

namespace AgentOperator.Api;

/// <summary>How a run ended. Its texts are bounded; the journal's last record has all of them.</summary>
public sealed record FinishSummary
{
    /// <summary>The maximum length of a reason in UTF-8 bytes.</summary>
    public const int MaxReasonBytes = 128;

    /// <summary>Succeeded or Failed.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>Machine-readable reason, one CamelCase word.</summary>
    [MaxLength(MaxReasonBytes)]
    public required string Reason { get; init; }

    /// <summary>Human-readable explanation.</summary>
    [MaxLength(ResultStatus.MaxTextBytes)]
    public string? Message { get; init; }

    /// <summary>The first 4 KiB of the agent's answer.</summary>
    [MaxLength(ResultStatus.MaxTextBytes)]
    public string? Result { get; init; }
}
