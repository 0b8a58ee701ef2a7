using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>The agent's final answer.</summary>
public sealed record ResultStatus
{
    /// <summary>The maximum size of the answer in the status, in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 4096;

    /// <summary>The first 4 KiB of the answer. The journal has the full text.</summary>
    [MaxLength(MaxTextBytes)]
    public string? Text { get; init; }
}
