namespace AgentOperator.Integration.Support;

/// <summary>Prometheus' own tool.</summary>
internal static class Promtool
{
    private static readonly TimeSpan FetchDeadline = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Runs it, whatever its exit code.</summary>
    public static async Task<CommandResult> TryAsync(string? input, params string[] arguments) =>
        await CommandRunner.RunAsync(await ClusterScript.RunAsync(FetchDeadline, "path", "promtool"), arguments, Deadline, input);
}
