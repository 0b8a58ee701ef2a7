using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>What an agent answered at its end.</summary>
public sealed record ResultStatus
{
    /// <summary>The answer's first 4 KiB; the journal has all of it.</summary>
    [MaxLength(4096)]
    public string? Text { get; init; }
}
