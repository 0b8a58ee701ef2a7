namespace AgentOperator.Testing;

/// <summary>The script that starts, controls and ends local clusters.</summary>
internal static class ClusterScript
{
    /// <summary>Runs it, whatever its exit code.</summary>
    public static Task<CommandResult> TryAsync(TimeSpan deadline, params string[] arguments) =>
        CommandRunner.RunAsync(Repository.PathOf("tests/testbed/cluster/cluster"), arguments, deadline);

    /// <summary>Runs it and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<string> RunAsync(TimeSpan deadline, params string[] arguments) =>
        (await TryAsync(deadline, arguments)).OrThrow().Output.Trim();
}
