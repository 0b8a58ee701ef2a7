using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace AgentOperator.Pods;

/// <summary>Builds the pod of an attempt.</summary>
internal sealed class PodBuilder(IOptions<PodOptions> options, IGatewayAuthority authority)
{
    private const string TokenFolder = "/var/run/secrets/agentoperator";
    private const string TokenFile = "token";
    private const string WorkspaceFolder = "/workspace";
    private const int TokenSeconds = 3600;

    /// <summary>How long the agent has to stop after SIGTERM.</summary>
    private const int GraceSeconds = 30;

    /// <summary>How long a pod stays on a node that does not answer; the default of 5 minutes would be the longest part of every recovery.</summary>
    private const int NodeLossSeconds = 30;

    /// <summary>The pod, with the run as its controlling owner: it goes when the run goes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="attempt">The attempt's number.</param>
    /// <param name="memoryLimit">The memory limit of this attempt.</param>
    public V1Pod Build(AgentRun run, int attempt, string memoryLimit)
    {
        var spec = run.Spec;
        return new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = PodNames.Of(run, attempt),
                NamespaceProperty = run.Metadata.NamespaceProperty,
                Labels = LabelsOf(run, attempt),
                Annotations = new Dictionary<string, string> { ["cluster-autoscaler.kubernetes.io/safe-to-evict"] = "true" },
                OwnerReferences = [Owner(run)],
            },
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                TerminationGracePeriodSeconds = GraceSeconds,
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                SecurityContext = PodSecurity.ForPod(),
                RuntimeClassName = spec.Sandbox.RuntimeClassName,
                NodeSelector = spec.Sandbox.NodeSelector.Count == 0 ? null : spec.Sandbox.NodeSelector.ToDictionary(),
                Tolerations = TolerationsOf(spec.Sandbox),
                ImagePullSecrets = spec.Runner.ImagePullSecrets.Count == 0
                    ? null
                    : [.. spec.Runner.ImagePullSecrets.Select(secret => new V1LocalObjectReference { Name = secret.Name })],
                Containers = [Agent(run, attempt, memoryLimit)],
                Volumes =
                [
                    new V1Volume { Name = "token", Projected = Token() },
                    new V1Volume { Name = "workspace", EmptyDir = new V1EmptyDirVolumeSource() },
                    new V1Volume { Name = "tmp", EmptyDir = new V1EmptyDirVolumeSource() },
                ],
            },
        };
    }

    private V1Container Agent(AgentRun run, int attempt, string memoryLimit) => new()
    {
        Name = PodContainers.Agent,
        Image = run.Spec.Runner.Image is { Length: > 0 } image ? image : options.Value.RunnerImage,
        ImagePullPolicy = run.Spec.Runner.ImagePullPolicy ?? options.Value.RunnerImagePullPolicy,
        Env = [.. EnvironmentOf(run, attempt).Select(variable => new V1EnvVar { Name = variable.Name, Value = variable.Value })],
        Resources = PodResources.Of(run.Spec.Resources, memoryLimit),
        SecurityContext = PodSecurity.ForContainer(),
        VolumeMounts =
        [
            new V1VolumeMount { Name = "token", MountPath = TokenFolder, ReadOnlyProperty = true },
            new V1VolumeMount { Name = "workspace", MountPath = WorkspaceFolder },
            new V1VolumeMount { Name = "tmp", MountPath = "/tmp" },
        ],
    };

    private IEnumerable<(string Name, string Value)> EnvironmentOf(AgentRun run, int attempt) =>
    [
        (RunnerEnvironment.GatewayUrl, options.Value.GatewayUrl),
        (RunnerEnvironment.GatewayCa, authority.CertificatePem),
        (RunnerEnvironment.TokenFile, $"{TokenFolder}/{TokenFile}"),
        (RunnerEnvironment.Attempt, attempt.ToString(CultureInfo.InvariantCulture)),
        (RunnerEnvironment.Run, run.Metadata.Name),
        (RunnerEnvironment.Namespace, run.Metadata.NamespaceProperty),
        (RunnerEnvironment.Workspace, WorkspaceFolder),
        (RunnerEnvironment.GraceSeconds, GraceSeconds.ToString(CultureInfo.InvariantCulture)),
        (RunnerEnvironment.LogFormat, options.Value.RunnerLogFormat),
    ];

    private static V1ProjectedVolumeSource Token() => new()
    {
        Sources =
        [
            new V1VolumeProjection
            {
                ServiceAccountToken = new V1ServiceAccountTokenProjection
                {
                    Audience = RunnerEnvironment.TokenAudience, ExpirationSeconds = TokenSeconds, Path = TokenFile,
                },
            },
        ],
    };

    private static Dictionary<string, string> LabelsOf(AgentRun run, int attempt) => new()
    {
        ["app.kubernetes.io/name"] = "agent-runner",
        ["app.kubernetes.io/component"] = "runner",
        ["app.kubernetes.io/instance"] = run.Metadata.Name,
        [Labels.ManagedBy] = Labels.ManagedByValue,
        [Labels.Run] = run.Metadata.Name,
        [Labels.RunUid] = run.Metadata.Uid,
        [Labels.Attempt] = attempt.ToString(CultureInfo.InvariantCulture),
    };

    private static V1OwnerReference Owner(AgentRun run) => new()
    {
        ApiVersion = ApiConstants.ApiVersion,
        Kind = ApiConstants.AgentRunKind,
        Name = run.Metadata.Name,
        Uid = run.Metadata.Uid,
        Controller = true,
        BlockOwnerDeletion = true,
    };

    private static List<V1Toleration> TolerationsOf(SandboxSpec sandbox)
    {
        var tolerations = sandbox.Tolerations.Select(toleration => new V1Toleration
        {
            Key = toleration.Key,
            OperatorProperty = toleration.Operator,
            Value = toleration.Value,
            Effect = toleration.Effect,
            TolerationSeconds = toleration.TolerationSeconds,
        }).ToList();
        foreach (var key in (ReadOnlySpan<string>)["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"])
        {
            if (!tolerations.Any(toleration => toleration.Key == key))
            {
                tolerations.Add(
                    new V1Toleration { Key = key, OperatorProperty = "Exists", Effect = "NoExecute", TolerationSeconds = NodeLossSeconds });
            }
        }

        return tolerations;
    }
}
