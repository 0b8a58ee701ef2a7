using System.Text.Json;
using AgentOperator.Api;

namespace AgentOperator.Tests.Runs;

/// <summary>Makes templates of pods.</summary>
/// <param name="random">Chooses what is in them.</param>
/// <param name="reserved">Whether they also name what belongs to the operator; without it, they are valid.</param>
internal sealed class AnyPodTemplate(Random random, bool reserved)
{
    private static readonly string[] Keys = ["team", "example.com/team", "sidecar.istio.io/inject", "agentoperator.dev", "app.kubernetes.io/part-of"];

    private static readonly string[] ReservedKeys =
    [
        "agentoperator.dev/run", "agentoperator.dev/attempt", "agentoperator.dev/heartbeat", "agentoperator.dev/new", "app.kubernetes.io/name",
        "app.kubernetes.io/component", "app.kubernetes.io/instance", "app.kubernetes.io/managed-by", "cluster-autoscaler.kubernetes.io/safe-to-evict",
        "container.apparmor.security.beta.kubernetes.io/agent", "container.seccomp.security.alpha.kubernetes.io/agent",
        "seccomp.security.alpha.kubernetes.io/pod",
    ];

    private static readonly string[] Variables = ["TZ", "INDEX_URL", "PATH", "AGENT", "agent_run", "KEY"];

    private static readonly string[] ReservedVariables =
        ["AGENT_GATEWAY_URL", "AGENT_TOKEN_FILE", "AGENT_COMMAND_VARIABLES", "AGENT_NEW", "IDEMPOTENCY_KEY"];

    private static readonly string[] Volumes = ["data", "rules", "token-2"];
    private static readonly string[] ReservedVolumes = ["token", "workspace", "tmp"];
    private static readonly string[] Paths = ["/data", "/workspace/data", "/workspaces", "/tmpfs", "/var/run/secrets/other", "/run/data"];

    private static readonly string[] ReservedPaths =
    [
        "/workspace", "/tmp", "/tmp/a", "/var", "/var/run", "/var/run/secrets", "/var/run/secrets/agentoperator",
        "/var/run/secrets/agentoperator/token", "/run", "/run/secrets/agentoperator",
    ];

    private static readonly string[] Affinities =
    [
        "{}", """{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"zone"}]}}""",
        """{"nodeAffinity":{"preferredDuringSchedulingIgnoredDuringExecution":[{"weight":1,"preference":{}}]}}""",
    ];

    public PodTemplate Next()
    {
        var volumes = Some(Volumes, ReservedVolumes).Select(Volume).ToList();
        var mountable = volumes.Select(volume => volume.Name).Concat(reserved ? ReservedVolumes : []).ToArray();
        return new PodTemplate
        {
            Metadata = new PodTemplateMetadata
            {
                Labels = Some(Keys, ReservedKeys[..8]).ToDictionary(key => key, _ => "other"),
                Annotations = Some(Keys, ReservedKeys.Where(key => !key.StartsWith("app.", StringComparison.Ordinal)))
                    .ToDictionary(key => key, _ => "any text"),
            },
            Spec = new PodTemplateSpec
            {
                Affinity = random.Next(2) == 0 ? null : Json(One(Affinities)),
                TopologySpreadConstraints = [.. Some(["zone", "host"], []).Select(Constraint)],
                PriorityClassName = random.Next(2) == 0 ? null : "batch",
                SchedulerName = random.Next(2) == 0 ? null : "volcano",
                Env = [.. Some(Variables, ReservedVariables).Select(Variable)],
                Volumes = volumes,
                VolumeMounts = mountable.Length == 0
                    ? []
                    : [.. Some(Paths, ReservedPaths).Select(path => new PodVolumeMount { Name = One(mountable), MountPath = path })],
            },
        };
    }

    private EnvironmentVariable Variable(string name) => random.Next(2) == 0
        ? new EnvironmentVariable { Name = name, Value = "other" }
        : new EnvironmentVariable
        {
            Name = name, ValueFrom = new EnvironmentSource { ConfigMapKeyRef = new ConfigMapKeyReference { Name = "map", Key = "key" } },
        };

    private PodVolume Volume(string name) => random.Next(3) switch
    {
        0 => new PodVolume { Name = name, ConfigMap = new ConfigMapVolume { Name = "map" } },
        1 => new PodVolume { Name = name, PersistentVolumeClaim = new ClaimVolume { ClaimName = "claim" } },
        _ => new PodVolume { Name = name, EmptyDir = new EmptyDirVolume { SizeLimit = "1Mi" } },
    };

    private static JsonElement Constraint(string key) =>
        Json($$"""{"maxSkew":1,"topologyKey":"{{key}}","whenUnsatisfiable":"DoNotSchedule"}""");

    /// <summary>Some of them, each at most once.</summary>
    private IReadOnlyList<string> Some(IEnumerable<string> free, IEnumerable<string> own) =>
        [.. free.Concat(reserved ? own : []).Where(_ => random.Next(3) == 0)];

    private string One(string[] all) => all[random.Next(all.Length)];

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
