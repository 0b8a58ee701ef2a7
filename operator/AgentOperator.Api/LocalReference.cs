using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>An object in the same namespace, by name.</summary>
public sealed record LocalReference
{
    /// <summary>Name of the object.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public required string Name { get; init; }
}
