using System.Net.Sockets;
using System.Text.Json;
using k8s;

namespace AgentOperator.EndToEnd.Servers;

/// <summary>A test with servers that are not ours. Skipped, with the reason, where their image cannot be had.</summary>
/// <param name="image">One of the images of <see cref="ServerImages"/>.</param>
[LocalCluster("loads the image of a server that is not ours")]
public abstract class ServerTest(string image) : EndToEndTest
{
    private const string ModelServerImage = "/model-server:";
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    [SetUp]
    public void RequireImage()
    {
        if (ServerImages.WhyMissing(image) is { } reason)
        {
            Assert.Ignore(reason);
        }
    }

    /// <summary>Starts a server in a pod of the test's namespace, behind a Service of its name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="arguments">Its command line. It listens on port 8080.</param>
    /// <param name="environment">Environment variables.</param>
    /// <param name="files">A ConfigMap to find in /files.</param>
    private protected async Task StartServerAsync(
        string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null, string? files = null)
    {
        var shared = await Cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("model-server", TestCluster.ModelNamespace);
        var reference = shared.Spec.Template.Spec.Containers[0].Image.Replace(ModelServerImage, $"/{image}:", StringComparison.Ordinal);
        var variables = (environment ?? new Dictionary<string, string>()).Select(variable => new { name = variable.Key, value = variable.Value });
        await ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: {{name}}, namespace: {{Namespace}} }
            spec: {selector: {app: {{name}} }, ports: [{port: 80, targetPort: 8080}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: {{name}}, namespace: {{Namespace}}, labels: {app: {{name}} } }
            spec:
              automountServiceAccountToken: false
              enableServiceLinks: false
              terminationGracePeriodSeconds: 1
              securityContext: {runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: {type: RuntimeDefault} }
              containers:
              - name: server
                image: {{reference}}
                imagePullPolicy: IfNotPresent
                args: {{JsonSerializer.Serialize(arguments)}}
                env: {{JsonSerializer.Serialize(variables)}}
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1, timeoutSeconds: 10}
                resources: {requests: {cpu: 20m, memory: 64Mi}, limits: {memory: 512Mi} }
                volumeMounts: [{name: data, mountPath: /data}, {name: files, mountPath: /files}]
              volumes:
              - {name: data, emptyDir: {} }
              - {name: files, configMap: {name: {{files ?? "none"}}, optional: true} }
            """);
        await Kubectl.RunAsync(["wait", $"pod/{name}", "--for=condition=Ready", "--timeout=90s", "--namespace", Namespace]);

        // kube-proxy hears of the pod a moment later.
        var service = await Cluster.Client.CoreV1.ReadNamespacedServiceAsync(name, Namespace);
        await Eventually.TrueAsync($"the Service '{name}' to lead to its pod", () => AcceptsAsync(service.Spec.ClusterIP), Patience);
    }

    private protected Task StopServerAsync(string name) => Kubectl.RunAsync(["delete", "pod", name, "--namespace", Namespace]);

    private static async Task<bool> AcceptsAsync(string address)
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address, 80, timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
