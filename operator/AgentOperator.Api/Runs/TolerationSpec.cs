using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A taint that a pod tolerates, as in a pod's own spec.</summary>
public sealed record TolerationSpec
{
    /// <summary>The taint's key. Default: all keys, which requires the operator Exists.</summary>
    [MaxLength(316)]
    public string? Key { get; init; }

    /// <summary>Exists or Equal. Equal also compares the value. Default: Equal.</summary>
    [AllowedValues("Exists", "Equal")]
    public string? Operator { get; init; }

    /// <summary>The taint's value, if the operator is Equal.</summary>
    [MaxLength(63)]
    public string? Value { get; init; }

    /// <summary>The taint's effect. Default: all effects.</summary>
    [AllowedValues("NoSchedule", "PreferNoSchedule", "NoExecute")]
    public string? Effect { get; init; }

    /// <summary>How long a NoExecute taint is tolerated, in seconds. Default: forever.</summary>
    [Range(0, 315360000)]
    public long? TolerationSeconds { get; init; }
}
