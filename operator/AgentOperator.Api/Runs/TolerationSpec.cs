using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A taint that a pod tolerates, as in a pod's own spec.</summary>
public sealed record TolerationSpec
{
    /// <summary>The taint's key. Default: every key, and then operator must be Exists.</summary>
    [MaxLength(316)]
    public string? Key { get; init; }

    /// <summary>Exists, or Equal to compare the value. Default: Equal.</summary>
    [AllowedValues("Exists", "Equal")]
    public string? Operator { get; init; }

    /// <summary>The taint's value, for the operator Equal.</summary>
    [MaxLength(63)]
    public string? Value { get; init; }

    /// <summary>The taint's effect. Default: every effect.</summary>
    [AllowedValues("NoSchedule", "PreferNoSchedule", "NoExecute")]
    public string? Effect { get; init; }

    /// <summary>Seconds that a NoExecute taint is tolerated. Default: for ever.</summary>
    [Range(0, 315360000)]
    public long? TolerationSeconds { get; init; }
}
