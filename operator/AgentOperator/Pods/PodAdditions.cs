using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>
/// Adds what a run's podTemplate asks for to its pods. The operator's own fields stay as they are, even if the template names one of them.
/// </summary>
internal static class PodAdditions
{
    public static V1Pod Apply(V1Pod pod, PodTemplate template)
    {
        var spec = template.Spec;
        var volumes = spec.Volumes.Where(volume => !ReservedPodNames.IsVolume(volume.Name)).ToList();
        return pod with
        {
            Metadata = pod.Metadata with
            {
                Labels = Add(pod.Metadata.Labels, template.Metadata.Labels, ReservedPodNames.IsLabel),
                Annotations = Add(pod.Metadata.Annotations, template.Metadata.Annotations, ReservedPodNames.IsAnnotation),
            },
            Spec = pod.Spec with
            {
                Affinity = spec.Affinity is { } affinity ? PodJson.Read<V1Affinity>(affinity) : null,
                TopologySpreadConstraints = spec.TopologySpreadConstraints.Count == 0
                    ? null
                    : [.. spec.TopologySpreadConstraints.Select(PodJson.Read<V1TopologySpreadConstraint>)],
                PriorityClassName = spec.PriorityClassName,
                SchedulerName = spec.SchedulerName,
                Containers =
                [
                    .. pod.Spec.Containers.Select(container => container with
                    {
                        Env = [.. container.Env, .. VariablesOf(spec)],
                        VolumeMounts = [.. container.VolumeMounts, .. MountsOf(spec, volumes)],
                    }),
                ],
                Volumes = [.. pod.Spec.Volumes, .. volumes.Select(Volume)],
            },
        };
    }

    private static Dictionary<string, string> Add(
        IDictionary<string, string> own, IReadOnlyDictionary<string, string> added, Func<string, bool> isReserved) =>
        new(own.Concat(added.Where(entry => !isReserved(entry.Key))));

    private static IEnumerable<V1EnvVar> VariablesOf(PodTemplateSpec spec)
    {
        var added = spec.Env.Where(variable => !ReservedPodNames.IsVariable(variable.Name)).Select(Variable).ToList();
        var names = string.Join(',', added.Select(variable => variable.Name));
        return added.Count == 0 ? [] : [new V1EnvVar { Name = RunnerEnvironment.CommandVariables, Value = names }, .. added];
    }

    private static V1EnvVar Variable(EnvironmentVariable variable) => new()
    {
        Name = variable.Name,
        Value = variable.Value,
        ValueFrom = variable.ValueFrom?.ConfigMapKeyRef is { } key
            ? new V1EnvVarSource { ConfigMapKeyRef = new V1ConfigMapKeySelector { Name = key.Name, Key = key.Key } }
            : null,
    };

    private static IEnumerable<V1VolumeMount> MountsOf(PodTemplateSpec spec, IReadOnlyList<PodVolume> volumes) =>
        from mount in spec.VolumeMounts
        where !ReservedPodNames.IsMountPath(mount.MountPath) && volumes.Any(volume => volume.Name == mount.Name)
        select new V1VolumeMount
        {
            Name = mount.Name, MountPath = mount.MountPath, SubPath = mount.SubPath, ReadOnlyProperty = mount.ReadOnly ? true : null,
        };

    private static V1Volume Volume(PodVolume volume) => new()
    {
        Name = volume.Name,
        ConfigMap = volume.ConfigMap is { } map
            ? new V1ConfigMapVolumeSource
            {
                Name = map.Name,
                Items = map.Items.Count == 0 ? null : [.. map.Items.Select(file => new V1KeyToPath { Key = file.Key, Path = file.Path })],
                DefaultMode = map.DefaultMode,
                Optional = map.Optional ? true : null,
            }
            : null,
        PersistentVolumeClaim = volume.PersistentVolumeClaim is { } claim
            ? new V1PersistentVolumeClaimVolumeSource { ClaimName = claim.ClaimName, ReadOnlyProperty = claim.ReadOnly ? true : null }
            : null,
        EmptyDir = volume.EmptyDir is { } directory
            ? new V1EmptyDirVolumeSource
            {
                Medium = directory.Medium, SizeLimit = directory.SizeLimit is { } size ? new ResourceQuantity(size) : null,
            }
            : null,
    };
}
