using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Scheduling and isolation of a run's pods.</summary>
public sealed record SandboxSpec
{
    /// <summary>The pods' RuntimeClass, such as gvisor. Default: the cluster's default.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public string? RuntimeClassName { get; init; }

    /// <summary>Node labels that the pods require. Default: none.</summary>
    [MaxLength(32), Items(63)]
    public IReadOnlyDictionary<string, string> NodeSelector { get; init; } = new Dictionary<string, string>();

    /// <summary>Node taints that the pods tolerate. Default: none.</summary>
    [MaxLength(16)]
    public IReadOnlyList<TolerationSpec> Tolerations { get; init; } = [];
}
