using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>One key of a ConfigMap in the same namespace.</summary>
public sealed record ConfigMapKeyReference
{
    /// <summary>Name of the ConfigMap.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public required string Name { get; init; }

    /// <summary>Key in the ConfigMap's data.</summary>
    [MaxLength(253), RegularExpression(Patterns.DataKey)]
    public required string Key { get; init; }
}
