using AgentOperator.Protocol;

namespace AgentOperator.Api;

/// <summary>What belongs to the operator in a run's pods. A podTemplate cannot set it.</summary>
public static class ReservedPodNames
{
    /// <summary>The volume with the runner's token.</summary>
    public const string TokenVolume = "token";

    /// <summary>The volume of the workspace.</summary>
    public const string WorkspaceVolume = "workspace";

    /// <summary>The volume for temporary files.</summary>
    public const string TemporaryVolume = "tmp";

    /// <summary>Where the token is mounted.</summary>
    public const string TokenFolder = "/var/run/secrets/agentoperator";

    /// <summary>Where the workspace is mounted. Directories below it are free.</summary>
    public const string WorkspaceFolder = "/workspace";

    /// <summary>Where temporary files go.</summary>
    public const string TemporaryFolder = "/tmp";

    private const string Prefix = ApiConstants.Group + "/";

    /// <summary>In most images, /var/run is a link to /run.</summary>
    private static readonly string[] Folders = [TokenFolder, "/run/secrets/agentoperator", WorkspaceFolder, TemporaryFolder];

    /// <summary>Whether a label's key is reserved.</summary>
    public static bool IsLabel(string key) => IsOwn(key) || key is Labels.Name or Labels.Component or Labels.Instance or Labels.ManagedBy;

    /// <summary>Whether an annotation's key is reserved. Annotations that weaken a container's isolation are, too.</summary>
    public static bool IsAnnotation(string key) =>
        IsOwn(key) || key == Annotations.SafeToEvict
        || key.StartsWith("container.apparmor.security.beta.kubernetes.io/", StringComparison.Ordinal)
        || key.StartsWith("container.seccomp.security.alpha.kubernetes.io/", StringComparison.Ordinal)
        || key == "seccomp.security.alpha.kubernetes.io/pod";

    /// <summary>Whether the name of an environment variable is reserved.</summary>
    public static bool IsVariable(string name) =>
        name.StartsWith(RunnerEnvironment.Prefix, StringComparison.Ordinal) || name == RunnerEnvironment.IdempotencyKey;

    /// <summary>Whether a volume's name is reserved.</summary>
    public static bool IsVolume(string name) => name is TokenVolume or WorkspaceVolume or TemporaryVolume;

    /// <summary>Whether a mount at the path would hide one of the operator's, or lie in one that is not meant for it.</summary>
    public static bool IsMountPath(string path) => Array.Exists(Folders, folder =>
        path == folder || Contains(path, folder) || (folder != WorkspaceFolder && Contains(folder, path)));

    private static bool Contains(string folder, string path) => path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static bool IsOwn(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);
}
