using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>The model that an agent uses.</summary>
public sealed record ModelSpec
{
    /// <summary>The ModelEndpoint in the run's namespace that serves the model.</summary>
    public required LocalReference EndpointRef { get; init; }

    /// <summary>The model's name at the provider.</summary>
    [MinLength(1), MaxLength(253), RegularExpression(Patterns.NoSpace)]
    public required string Name { get; init; }

    /// <summary>Maximum tokens per answer. Default: the provider's own.</summary>
    [Range(1, 10000000)]
    public int? MaxOutputTokens { get; init; }
}
