using System.ComponentModel.DataAnnotations;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>A volume of a run's pods: exactly one of configMap, persistentVolumeClaim and emptyDir.</summary>
[ValidationRule("[has(self.configMap), has(self.persistentVolumeClaim), has(self.emptyDir)].exists_one(given, given)",
    "exactly one of configMap, persistentVolumeClaim and emptyDir must be given; a run's pod holds no Secret and nothing of its node")]
[ValidationRule("!(self.name in ['token', 'workspace', 'tmp'])", "token, workspace and tmp belong to the operator", FieldPath = ".name")]
public sealed record PodVolume
{
    /// <summary>The volume's name, for volumeMounts.</summary>
    [MaxLength(63), RegularExpression(Patterns.Label)]
    public required string Name { get; init; }

    /// <summary>A ConfigMap in the run's namespace, as files.</summary>
    public ConfigMapVolume? ConfigMap { get; init; }

    /// <summary>A PersistentVolumeClaim in the run's namespace. What an attempt writes there, the next one finds.</summary>
    public ClaimVolume? PersistentVolumeClaim { get; init; }

    /// <summary>A directory that is empty at the start of each attempt.</summary>
    public EmptyDirVolume? EmptyDir { get; init; }
}
