namespace AgentOperator.Testing;

/// <summary>The real kubectl and helm on one cluster: what a user types.</summary>
/// <param name="tools">The folder that holds them.</param>
/// <param name="kubeconfig">The cluster's.</param>
internal sealed class Kubectl(string tools, string kubeconfig)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Runs kubectl, whatever its exit code.</summary>
    public Task<CommandResult> TryAsync(string[] arguments, string? input = null, TimeSpan? deadline = null) =>
        CommandRunner.RunAsync(Path.Combine(tools, "kubectl"), arguments, deadline ?? Deadline, input, Environment);

    /// <summary>Runs kubectl and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> RunAsync(string[] arguments, string? input = null, TimeSpan? deadline = null) =>
        (await TryAsync(arguments, input, deadline)).OrThrow().Output;

    /// <summary>The API versions that the server serves.</summary>
    public async Task<ApiVersions> ApiVersionsAsync() => ApiVersions.Parse(await RunAsync(["api-versions"]));

    /// <summary>Runs helm and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public async Task<string> HelmAsync(string[] arguments, string? input = null) =>
        (await CommandRunner.RunAsync(Path.Combine(tools, "helm"), arguments, TimeSpan.FromMinutes(5), input, Environment)).OrThrow().Output;

    private IReadOnlyDictionary<string, string> Environment { get; } = new Dictionary<string, string> { ["KUBECONFIG"] = kubeconfig };
}
