using k8s.Models;

namespace AgentOperator.Pods;

/// <summary>Security contexts that pass the Pod Security level <c>restricted</c>, with a read-only root on top.</summary>
internal static class PodSecurity
{
    /// <param name="user">The user and group of the pod; null leaves them to the platform and the image, but never to root.</param>
    public static V1PodSecurityContext ForPod(long? user) => new()
    {
        RunAsNonRoot = true,
        RunAsUser = user,
        RunAsGroup = user,
        FsGroup = user,
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
