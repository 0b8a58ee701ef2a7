using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>
/// Scheduling, environment variables and volumes of a run's pods. The node selector, tolerations and the RuntimeClass are in spec.sandbox.
/// </summary>
public sealed record PodTemplateSpec
{
    /// <summary>Which nodes and which other pods the pods prefer or require, as in a pod's own spec. Default: none.</summary>
    public JsonElement? Affinity { get; init; }

    /// <summary>How the pods are spread over nodes and zones, as in a pod's own spec. Default: the cluster's default.</summary>
    [MaxLength(16)]
    public IReadOnlyList<JsonElement> TopologySpreadConstraints { get; init; } = [];

    /// <summary>The pods' PriorityClass. Default: the cluster's default.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public string? PriorityClassName { get; init; }

    /// <summary>The scheduler that assigns the pods to nodes. Default: the cluster's default scheduler.</summary>
    [MaxLength(253), RegularExpression(Patterns.Subdomain)]
    public string? SchedulerName { get; init; }

    /// <summary>Environment variables of the agent's container. Commands of the shell tool get them, too. Default: only the operator's.</summary>
    [MaxLength(64), ListMap("name")]
    public IReadOnlyList<EnvironmentVariable> Env { get; init; } = [];

    /// <summary>Volumes of the pods: ConfigMaps, PersistentVolumeClaims and empty directories. Default: only the operator's.</summary>
    [MaxLength(16), ListMap("name")]
    public IReadOnlyList<PodVolume> Volumes { get; init; } = [];

    /// <summary>Where the agent's container sees the volumes. Default: nowhere.</summary>
    [MaxLength(32), ListMap("mountPath")]
    public IReadOnlyList<PodVolumeMount> VolumeMounts { get; init; } = [];
}
