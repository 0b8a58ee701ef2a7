namespace AgentOperator.Testing;

/// <summary>The local cluster's nodes in User-Mode Linux, whose kernels have control groups of version 2.</summary>
internal sealed class GuestNodes(string cluster)
{
    /// <summary>How many there are.</summary>
    private const int Count = 2;

    /// <summary>The exit code of a machine that cannot run them.</summary>
    private const int CannotStart = 69;

    private static readonly TimeSpan ScriptDeadline = TimeSpan.FromMinutes(3);

    /// <summary>The guest that may be lost, frozen or cut off.</summary>
    public const string Victim = "node-1";

    /// <summary>The guest that nobody touches.</summary>
    public const string Steady = "node-2";

    /// <summary>RuntimeClass whose containers die as a whole when their memory is used up, as on nodes of Kubernetes 1.28 and later.</summary>
    public const string GroupKill = "group-kill";

    /// <summary>RuntimeClass of whose containers only the largest process dies.</summary>
    public const string ChildKill = "child-kill";

    /// <summary>Starts the guests that do not run yet and gives them the runner's image.</summary>
    /// <param name="progress">Is told what is done and how far it is.</param>
    /// <returns>Null, or why this machine cannot run any.</returns>
    public async Task<string?> StartAsync(TextWriter progress)
    {
        var up = await ClusterScript.TryAsync(TimeSpan.FromMinutes(10), "up", "--node", $"uml={Count}", "--name", cluster);
        await progress.WriteAsync(up.Error);
        if (up.ExitCode == CannotStart)
        {
            return up.Error.Trim().Split("cluster: ")[^1];
        }

        up.OrThrow();
        if (!TestCluster.IsDeployed)
        {
            await LoadAsync(progress);
        }

        return null;
    }

    /// <summary>Does something to a guest: <c>cluster kill node-1</c>.</summary>
    public Task ControlAsync(string command, string guest) =>
        ClusterScript.RunAsync(TimeSpan.FromMinutes(6), command, guest, "--name", cluster);

    /// <summary>Runs a script as root in a guest, whatever its exit code.</summary>
    public Task<CommandResult> TryScriptAsync(string guest, string script) =>
        ClusterScript.TryAsync(ScriptDeadline, "run", guest, script, "--name", cluster);

    private async Task LoadAsync(TextWriter progress)
    {
        var images = await CommandRunner.RunAsync(
            Repository.PathOf("tests/testbed/cluster/images"), ["--only", "runner"], TimeSpan.FromMinutes(10));
        var load = await ClusterScript.TryAsync(
            TimeSpan.FromMinutes(10), "load", "--node", "uml", images.OrThrow().Output.Trim(), "--name", cluster);
        await progress.WriteAsync(load.Error);
        load.OrThrow();
    }
}
