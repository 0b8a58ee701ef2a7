using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>Where the agent's container sees a volume.</summary>
public sealed record PodVolumeMount
{
    /// <summary>Name of the volume in spec.podTemplate.spec.volumes.</summary>
    [MaxLength(63), RegularExpression(Patterns.Label)]
    public required string Name { get; init; }

    /// <summary>The directory where the volume appears. A directory in /workspace is within reach of the files tool.</summary>
    [MaxLength(512), RegularExpression(Patterns.AbsolutePath)]
    public required string MountPath { get; init; }

    /// <summary>Whether the container cannot write to the volume. Default: false.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The part of the volume to mount. Default: all of it.</summary>
    [MaxLength(512)]
    public string? SubPath { get; init; }
}
