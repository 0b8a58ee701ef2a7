using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>The model that an agent uses.</summary>
public sealed record ModelSpec
{
    /// <summary>The ModelEndpoint in the run's namespace that serves the model.</summary>
    [Immutable]
    public required LocalReference EndpointRef { get; init; }

    /// <summary>The model's name at the provider.</summary>
    [MinLength(1), MaxLength(253), RegularExpression(Patterns.NoSpace), Immutable]
    public required string Name { get; init; }

    /// <summary>Maximum tokens per answer. Default: the provider's own.</summary>
    [Range(1, 10000000), Immutable]
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Fields to set in the body of each model request, such as temperature. They take precedence over those of the ModelEndpoint. A change applies
    /// from the next request on. Fields that the gateway owns, such as messages and tools, cannot be set. Default: none.
    /// </summary>
    [MaxLength(64)]
    public IReadOnlyDictionary<string, JsonElement>? Parameters { get; init; }
}
