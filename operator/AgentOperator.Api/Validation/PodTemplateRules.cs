using System.Globalization;
using System.Text.Json;
using k8s.Models;

namespace AgentOperator.Api.Validation;

/// <summary>A podTemplate adds to the operator's pods and replaces nothing of theirs.</summary>
internal static class PodTemplateRules
{
    private const string Metadata = "spec.podTemplate.metadata";
    private const string Spec = "spec.podTemplate.spec";

    public static IEnumerable<FieldViolation> Check(PodTemplate? template) => template is null
        ? []
        :
        [
            .. template.Metadata.Labels.SelectMany(label => CheckLabel(label, $"{Metadata}.labels[{label.Key}]")),
            .. template.Metadata.Annotations.Keys.SelectMany(key => CheckAnnotation(key, $"{Metadata}.annotations[{key}]")),
            .. template.Spec.Affinity is { } affinity ? CheckJson<V1Affinity>(affinity, $"{Spec}.affinity", "affinity") : [],
            .. template.Spec.TopologySpreadConstraints.SelectMany((constraint, index) => CheckJson<V1TopologySpreadConstraint>(
                constraint, At("topologySpreadConstraints", index), "topologySpreadConstraints")),
            .. template.Spec.Env.SelectMany((variable, index) => CheckVariable(variable, At("env", index))),
            .. template.Spec.Volumes.SelectMany((volume, index) => CheckVolume(volume, At("volumes", index))),
            .. template.Spec.VolumeMounts.SelectMany((mount, index) => CheckMount(mount, template.Spec, At("volumeMounts", index))),
        ];

    private static IEnumerable<FieldViolation> CheckLabel(KeyValuePair<string, string> label, string path) =>
        ReservedPodNames.IsLabel(label.Key) ? [Reserved(path)] : LabelRules.Check(label, path);

    private static IEnumerable<FieldViolation> CheckAnnotation(string key, string path) =>
        ReservedPodNames.IsAnnotation(key) ? [Reserved(path)] : LabelRules.CheckKey(key, "an annotation key", path);

    private static IEnumerable<FieldViolation> CheckVariable(EnvironmentVariable variable, string path)
    {
        if (ReservedPodNames.IsVariable(variable.Name))
        {
            yield return Reserved($"{path}.name");
        }

        if (variable.ValueFrom is null)
        {
            yield break;
        }

        if (variable.Value is not null)
        {
            yield return new FieldViolation($"{path}.valueFrom", "cannot be given together with value");
        }

        if (variable.ValueFrom.ConfigMapKeyRef is null)
        {
            yield return new FieldViolation($"{path}.valueFrom.configMapKeyRef", "is required; a run's pod holds no Secret");
        }
    }

    private static IEnumerable<FieldViolation> CheckVolume(PodVolume volume, string path)
    {
        if (ReservedPodNames.IsVolume(volume.Name))
        {
            yield return Reserved($"{path}.name");
        }

        if (new object?[] { volume.ConfigMap, volume.PersistentVolumeClaim, volume.EmptyDir }.Count(source => source is not null) != 1)
        {
            yield return new FieldViolation(
                path,
                "must have exactly one of configMap, persistentVolumeClaim and emptyDir; a run's pod holds no Secret and nothing of its node");
        }
    }

    private static IEnumerable<FieldViolation> CheckMount(PodVolumeMount mount, PodTemplateSpec spec, string path)
    {
        if (mount.MountPath.Split('/') is var parts && (parts.Contains(".") || parts.Contains("..")))
        {
            yield return new FieldViolation($"{path}.mountPath", "cannot have '.' or '..' as a part");
        }
        else if (ReservedPodNames.IsMountPath(mount.MountPath))
        {
            yield return Reserved($"{path}.mountPath");
        }

        if (!spec.Volumes.Any(volume => volume.Name == mount.Name))
        {
            yield return new FieldViolation($"{path}.name", $"'{mount.Name}' is none of {Spec}.volumes");
        }
    }

    private static IEnumerable<FieldViolation> CheckJson<T>(JsonElement json, string path, string field)
    {
        try
        {
            PodJson.Read<T>(json);
            return [];
        }
        catch (JsonException exception)
        {
            return
            [
                new FieldViolation(
                    path + exception.Path?.TrimStart('$'),
                    $"is unknown or has the wrong type; see kubectl explain pod.spec.{field}"),
            ];
        }
    }

    private static FieldViolation Reserved(string path) => new(path, "belongs to the operator");

    private static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{Spec}.{list}[{index}]");
}
