using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>A ModelEndpoint to call while another one is unavailable.</summary>
public sealed record FallbackSpec
{
    /// <summary>Name of a ModelEndpoint in the same namespace. Its own fallbacks are not used.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public required string Name { get; init; }

    /// <summary>The model's name there. Default: the name that the run asks for.</summary>
    [MinLength(1), MaxLength(253), RegularExpression(Patterns.NoSpace)]
    public string? Model { get; init; }
}
