using System.ComponentModel.DataAnnotations;

namespace AgentOperator.Api;

/// <summary>One key of a Secret in the same namespace.</summary>
public sealed record SecretKeyReference
{
    /// <summary>
    /// Name of the Secret. It must be of type agentoperator.dev/model-key, or name the host that it is sent to in its annotation
    /// agentoperator.dev/endpoint-host.
    /// </summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public required string Name { get; init; }

    /// <summary>Key in the Secret's data.</summary>
    [MaxLength(253), RegularExpression(Patterns.DataKey)]
    public required string Key { get; init; }
}
