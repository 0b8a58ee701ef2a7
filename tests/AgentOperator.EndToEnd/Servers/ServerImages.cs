using System.Collections.Concurrent;

namespace AgentOperator.EndToEnd.Servers;

/// <summary>
/// The images of servers that are not ours, brought onto the local cluster before the first test that needs one, while other tests run.
/// </summary>
[SetUpFixture]
public sealed class ServerImages
{
    /// <summary>llama.cpp's server, Debian's package.</summary>
    internal const string Llama = "llama-server";

    /// <summary>MCP servers of npm.</summary>
    internal const string Mcp = "mcp-servers";

    /// <summary>The exit code of the script where a package cannot be had.</summary>
    private const int Unavailable = 69;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private static readonly ConcurrentDictionary<string, string> Reasons = new();

    /// <summary>Why there is no such image; null when there is.</summary>
    internal static string? WhyMissing(string image) => Reasons.GetValueOrDefault(image);

    [OneTimeSetUp]
    public async Task BringAsync()
    {
        if (TestCluster.IsLocal)
        {
            await BringAsync(Mcp);
            await BringAsync(Llama);
        }
    }

    private static async Task BringAsync(string image)
    {
        var built = await CommandRunner.RunAsync(Repository.PathOf("tests/testbed/cluster/images"), ["--only", image], Deadline);
        await TestContext.Progress.WriteAsync(built.Error);
        if (built.ExitCode == Unavailable)
        {
            Reasons[image] = built.Error.Trim().Split("images: ")[^1];
            return;
        }

        var archive = built.OrThrow().Output.Trim();
        await ClusterScript.RunAsync(Deadline, "load", archive, "--name", ClusterFixture.Cluster.Name);
    }
}
