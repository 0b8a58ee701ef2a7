using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Where and how isolated a run's pods run.</summary>
public sealed record SandboxSpec
{
    /// <summary>The RuntimeClass of the pods, such as gvisor. Default: the cluster's own.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public string? RuntimeClassName { get; init; }

    /// <summary>Labels that a node must have. Default: none.</summary>
    [MaxLength(32), Items(63)]
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Taints of nodes that the pods tolerate. Default: none.</summary>
    [MaxLength(16)]
    public IReadOnlyList<TolerationSpec> Tolerations { get; init; } = [];
}
