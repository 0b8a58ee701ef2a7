using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>What an agent answered at its end.</summary>
public sealed record ResultStatus
{
    /// <summary>The most of the answer that the status shows, in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 4096;

    /// <summary>The answer's first 4 KiB; the journal has all of it.</summary>
    [MaxLength(MaxTextBytes)]
    public string? Text { get; init; }
}
