using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A ConfigMap as files.</summary>
public sealed record ConfigMapVolume
{
    /// <summary>Name of the ConfigMap.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public required string Name { get; init; }

    /// <summary>The keys to show, and as which files. Default: every key, as a file of the same name.</summary>
    [MaxLength(64), ListMap("key")]
    public IReadOnlyList<ConfigMapFile> Items { get; init; } = [];

    /// <summary>Permissions of the files, as a decimal number such as 420 (0644). Default: set by the cluster.</summary>
    [Range(0, 511)]
    public int? DefaultMode { get; init; }

    /// <summary>Whether the pods may start without the ConfigMap and its keys. Default: false.</summary>
    public bool Optional { get; init; }
}
