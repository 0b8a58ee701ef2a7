using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A model that the provider does not offer.</summary>
public sealed record UnavailableModel
{
    /// <summary>The maximum size of a message, in UTF-8 bytes.</summary>
    public const int MaxMessageBytes = 1024;

    /// <summary>The model's name in the spec of the runs that ask for it.</summary>
    [MaxLength(253)]
    public required string Name { get; init; }

    /// <summary>Machine-readable reason, one CamelCase word.</summary>
    [MaxLength(128)]
    public required string Reason { get; init; }

    /// <summary>Human-readable explanation.</summary>
    [MaxLength(MaxMessageBytes)]
    public required string Message { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When one run tries again.</summary>
    public required DateTimeOffset RetryAt { get; init; }
}
