using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>Security contexts that pass the Pod Security level <c>restricted</c>, with a read-only root on top.</summary>
internal static class PodSecurity
{
    /// <summary>The user and group of the runner image.</summary>
    private const long User = 65532;

    public static V1PodSecurityContext ForPod() => new()
    {
        RunAsNonRoot = true,
        RunAsUser = User,
        RunAsGroup = User,
        FsGroup = User,
        SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
    };

    public static V1SecurityContext ForContainer() => new()
    {
        RunAsNonRoot = true,
        AllowPrivilegeEscalation = false,
        ReadOnlyRootFilesystem = true,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };
}
