using System.Globalization;
using AgentOperator.Api;
using AgentOperator.Protocol;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace AgentOperator.Pods;

/// <summary>Builds the pod of an attempt.</summary>
internal sealed class PodBuilder(IOptions<PodOptions> options, IGatewayAuthority authority)
{
    private const string TokenFile = "token";
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
        var pod = new V1Pod
        {
            ApiVersion = "v1",
            Kind = "Pod",
            Metadata = new V1ObjectMeta
            {
                Name = PodNames.Of(run, attempt),
                NamespaceProperty = run.Metadata.NamespaceProperty,
                Labels = LabelsOf(run, attempt),
                Annotations = new Dictionary<string, string> { [Annotations.SafeToEvict] = "true" },
                OwnerReferences = [Owner(run)],
            },
            Spec = new V1PodSpec
            {
                RestartPolicy = "Never",
                TerminationGracePeriodSeconds = GraceSeconds,
                ServiceAccountName = AgentAccount.Name,
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                SecurityContext = PodSecurity.ForPod(options.Value.RunnerUser),
                RuntimeClassName = spec.Sandbox.RuntimeClassName,
                NodeSelector = NodeSelectorOf(spec),
                Tolerations = TolerationsOf(spec.Sandbox),
                ImagePullSecrets = spec.Runner.ImagePullSecrets.Count == 0
                    ? null
                    : [.. spec.Runner.ImagePullSecrets.Select(secret => new V1LocalObjectReference { Name = secret.Name })],
                Containers = [Agent(run, attempt, memoryLimit)],
                Volumes =
                [
                    new V1Volume { Name = ReservedPodNames.TokenVolume, Projected = Token() },
                    new V1Volume { Name = ReservedPodNames.WorkspaceVolume, EmptyDir = new V1EmptyDirVolumeSource() },
                    new V1Volume { Name = ReservedPodNames.TemporaryVolume, EmptyDir = new V1EmptyDirVolumeSource() },
                ],
            },
        };
        return spec.PodTemplate is { } template ? PodAdditions.Apply(pod, template) : pod;
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
            new V1VolumeMount { Name = ReservedPodNames.TokenVolume, MountPath = ReservedPodNames.TokenFolder, ReadOnlyProperty = true },
            new V1VolumeMount { Name = ReservedPodNames.WorkspaceVolume, MountPath = ReservedPodNames.WorkspaceFolder },
            new V1VolumeMount { Name = ReservedPodNames.TemporaryVolume, MountPath = ReservedPodNames.TemporaryFolder },
        ],
    };

    private IEnumerable<(string Name, string Value)> EnvironmentOf(AgentRun run, int attempt) =>
    [
        (RunnerEnvironment.GatewayUrl, options.Value.GatewayUrl),
        (RunnerEnvironment.GatewayCa, authority.CertificatePem),
        (RunnerEnvironment.TokenFile, $"{ReservedPodNames.TokenFolder}/{TokenFile}"),
        (RunnerEnvironment.Attempt, attempt.ToString(CultureInfo.InvariantCulture)),
        (RunnerEnvironment.Run, run.Metadata.Name),
        (RunnerEnvironment.Namespace, run.Metadata.NamespaceProperty),
        (RunnerEnvironment.Workspace, ReservedPodNames.WorkspaceFolder),
        (RunnerEnvironment.GraceSeconds, GraceSeconds.ToString(CultureInfo.InvariantCulture)),
        (RunnerEnvironment.LogFormat, options.Value.RunnerLogFormat),
    ];

    /// <summary>The nodes that the image can run on. What the run asks for takes precedence; what its own image runs on is not known.</summary>
    private Dictionary<string, string> NodeSelectorOf(AgentRunSpec spec)
    {
        var selector = new Dictionary<string, string> { ["kubernetes.io/os"] = "linux" };
        if (string.IsNullOrEmpty(spec.Runner.Image) && options.Value.RunnerArch.Length > 0)
        {
            selector["kubernetes.io/arch"] = options.Value.RunnerArch;
        }

        foreach (var (key, value) in spec.Sandbox.NodeSelector)
        {
            selector[key] = value;
        }

        return selector;
    }

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

    internal static Dictionary<string, string> LabelsOf(AgentRun run, int attempt) => new()
    {
        [Labels.Name] = "agent-runner",
        [Labels.Component] = "runner",
        [Labels.Instance] = run.Metadata.Name,
        [Labels.ManagedBy] = Labels.ManagedByValue,
        [Labels.Run] = run.Metadata.Name,
        [Labels.RunUid] = run.Metadata.Uid,
        [Labels.Attempt] = attempt.ToString(CultureInfo.InvariantCulture),
    };

    internal static V1OwnerReference Owner(AgentRun run) => new()
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
