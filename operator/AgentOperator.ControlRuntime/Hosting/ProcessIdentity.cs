namespace AgentOperator.ControlRuntime;

/// <summary>Who and where this process is.</summary>
internal static class ProcessIdentity
{
    private const string NamespaceFile = "/var/run/secrets/kubernetes.io/serviceaccount/namespace";

    /// <summary>The host's name and a random part: two processes are never the same holder, not even a restarted pod and itself.</summary>
    public static string Unique() => $"{EventText.Cut(Environment.MachineName, 90)}_{Guid.NewGuid():N}";

    /// <summary>The pod's own namespace, else <c>default</c>.</summary>
    public static string Namespace() =>
        File.Exists(NamespaceFile) && File.ReadAllText(NamespaceFile).Trim() is { Length: > 0 } name ? name : "default";
}
