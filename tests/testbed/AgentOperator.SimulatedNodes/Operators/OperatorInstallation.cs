using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentOperator.SimulatedNodes.Cluster;

namespace AgentOperator.SimulatedNodes.Operators;

/// <summary>What the chart gives the operator beside its pods: namespace, account, rights; and a kubeconfig with that account's own token.</summary>
/// <param name="Namespace">The operator's namespace.</param>
/// <param name="Name">The release's full name.</param>
/// <param name="Kubeconfig">Path of the kubeconfig.</param>
/// <param name="GatewayPort">The gateway's port: in the environment of every pod, so that it outlives the process.</param>
/// <param name="MetricsPort">The port of health and metrics.</param>
/// <param name="Program">The operator's assembly.</param>
/// <param name="GatewayHost">The host in the gateway's URL, which its certificate names; null for its Service's name.</param>
internal sealed record OperatorInstallation(
    string Namespace, string Name, string Kubeconfig, int GatewayPort, int MetricsPort, string Program, string? GatewayHost = null)
{
    private const int TokenSeconds = 24 * 3600;

    /// <summary>The name of the gateway's Service.</summary>
    public string GatewayService => $"{Name}-gateway";

    /// <summary>The gateway's URL, as pods get it.</summary>
    public string GatewayUrl =>
        string.Create(CultureInfo.InvariantCulture, $"https://{GatewayHost ?? $"{GatewayService}.{Namespace}.svc"}:{GatewayPort}");

    /// <summary>Installs it.</summary>
    /// <param name="plane">The control plane.</param>
    /// <param name="release">The Helm release's name; the namespace is <c>RELEASE-system</c>.</param>
    /// <param name="folder">Where the kubeconfig is written: one that only its owner can read.</param>
    /// <param name="gatewayHost">The host in the gateway's URL; null for its Service's name, which only a cluster's pods can look up.</param>
    public static async Task<OperatorInstallation> CreateAsync(LocalControlPlane plane, string release, string folder, string? gatewayHost = null)
    {
        var ports = FreePorts.Find(2);
        var installation = new OperatorInstallation(
            $"{release}-system", $"{release}-agent-operator", Path.Combine(folder, $"{release}.kubeconfig"), ports[0], ports[1],
            plane.OperatorProgram, gatewayHost);
        await plane.ApplyAsync($"{{apiVersion: v1, kind: Namespace, metadata: {{name: {installation.Namespace}}}}}");
        await plane.ApplyAsync(await installation.RenderAsync(plane, release));
        await installation.WriteKubeconfigAsync(plane);
        return installation;
    }

    /// <summary>Removes what is not in the namespace, and the namespace.</summary>
    public async Task RemoveAsync(LocalControlPlane plane)
    {
        await plane.Kubectl.RunAsync(["delete", "clusterrole,clusterrolebinding", $"{Namespace}-{Name}", "--ignore-not-found"]);
        await plane.Kubectl.RunAsync(["delete", "namespace", Namespace, "--ignore-not-found", "--wait=false"]);
    }

    private Task<string> RenderAsync(LocalControlPlane plane, string release) => plane.Kubectl.HelmAsync(
    [
        "template", release, Repository.PathOf("charts/agent-operator"), "--namespace", Namespace,
        "--show-only", "templates/serviceaccount.yaml", "--show-only", "templates/rbac.yaml",
    ]);

    private async Task WriteKubeconfigAsync(LocalControlPlane plane)
    {
        using var client = plane.CreateClient();
        var request = $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":{{{TokenSeconds}}}}}""";
        var answer = await new ApiServer(client).WriteAsync(
            HttpMethod.Post, $"api/v1/namespaces/{Namespace}/serviceaccounts/{Name}/token", Encoding.UTF8.GetBytes(request), CancellationToken.None);
        var token = JsonElement.Parse(answer ?? throw new InvalidOperationException($"There is no service account {Namespace}/{Name}."))
            .GetProperty("status").GetProperty("token").GetString();
        var config = await plane.Kubectl.RunAsync(["config", "view", "--raw", "--flatten", "-o", "json"]);
        var cluster = JsonElement.Parse(config).GetProperty("clusters")[0].GetProperty("cluster");
        await File.WriteAllTextAsync(
            Kubeconfig,
            $"""
            apiVersion: v1
            kind: Config
            current-context: operator
            clusters:
            - name: cluster
              cluster: {cluster.GetRawText()}
            users:
            - name: operator
              user:
                token: {token}
            contexts:
            - name: operator
              context: {"{cluster: cluster, user: operator}"}
            """);
    }
}
