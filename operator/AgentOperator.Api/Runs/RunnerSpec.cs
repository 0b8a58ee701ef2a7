using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>The program that runs the agent.</summary>
public sealed record RunnerSpec
{
    /// <summary>An image that implements the runner protocol. Default: the operator's own runner.</summary>
    [MaxLength(512), Format(Patterns.Image, "must be an image reference such as registry.example/team/runner:1.2")]
    public string? Image { get; init; }

    /// <summary>When to pull the image: Always, IfNotPresent or Never. Default: set by the operator's configuration.</summary>
    [AllowedValues("Always", "IfNotPresent", "Never")]
    public string? ImagePullPolicy { get; init; }

    /// <summary>Image pull Secrets in the run's namespace. Default: none.</summary>
    [MaxLength(8), ListMap("name")]
    public IReadOnlyList<LocalReference> ImagePullSecrets { get; init; } = [];
}
