namespace AgentOperator.Testing;

/// <summary>The real kubectl and helm on one cluster: what a user types.</summary>
/// <param name="tools">The folder that holds them.</param>
/// <param name="kubeconfig">The cluster's.</param>
internal sealed class Kubectl(string tools, string kubeconfig)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs kubectl, whatever its exit code.</summary>
    public Task<CommandResult> TryAsync(string[] arguments, string? input = null, TimeSpan? deadline = null) =>
        CommandRunner.RunAsync(Path.Combine(tools, "kubectl"), arguments, deadline ?? Deadline, input, Environment);

    /// <summary>Runs kubectl and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> RunAsync(string[] arguments, string? input = null, TimeSpan? deadline = null) =>
        (await TryAsync(arguments, input, deadline)).OrThrow().Output;

    /// <summary>Applies the project's CRDs, and waits until they are served.</summary>
    public async Task ApplyDefinitionsAsync()
    {
        // Without validation: a server that is older than the CRDs drops the fields that it lacks.
        await RunAsync(["apply", "--validate=false", "-f", Repository.PathOf("crds")]);
        await RunAsync(["wait", "--for=condition=Established", "--timeout=60s", "-f", Repository.PathOf("crds")]);
    }

    /// <summary>The API versions that the server serves.</summary>
    public async Task<ApiVersions> ApiVersionsAsync() => ApiVersions.Parse(await RunAsync(["api-versions"]));

    /// <summary>Runs helm, whatever its exit code.</summary>
    public Task<CommandResult> TryHelmAsync(string[] arguments, string? input = null) =>
        CommandRunner.RunAsync(Path.Combine(tools, "helm"), arguments, TimeSpan.FromMinutes(5), input, Environment);

    /// <summary>Runs helm and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> HelmAsync(string[] arguments, string? input = null) => (await TryHelmAsync(arguments, input)).OrThrow().Output;

    private IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig };
}
