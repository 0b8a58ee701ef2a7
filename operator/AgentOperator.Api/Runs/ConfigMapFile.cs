using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A key of a ConfigMap, as a file.</summary>
public sealed record ConfigMapFile
{
    /// <summary>Key in the ConfigMap's data.</summary>
    [MaxLength(253), RegularExpression(Patterns.DataKey)]
    public required string Key { get; init; }

    /// <summary>Path of the file, relative to the volume.</summary>
    [MinLength(1), MaxLength(512)]
    public required string Path { get; init; }
}
