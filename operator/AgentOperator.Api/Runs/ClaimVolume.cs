using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A PersistentVolumeClaim.</summary>
public sealed record ClaimVolume
{
    /// <summary>Name of the PersistentVolumeClaim.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public required string ClaimName { get; init; }

    /// <summary>Whether no container can write to the volume. Default: false.</summary>
    public bool ReadOnly { get; init; }
}
