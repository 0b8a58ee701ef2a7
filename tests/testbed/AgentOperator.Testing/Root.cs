namespace AgentOperator.Testing;

/// <summary>Commands that only root may run; sudo helps a user.</summary>
internal static class Root
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Runs a command, whatever its exit code.</summary>
    /// <exception cref="TimeoutException">It took longer than 30 s.</exception>
    public static Task<CommandResult> TryAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? CommandRunner.RunAsync(program, arguments, Deadline)
        : CommandRunner.RunAsync("sudo", [program, .. arguments], Deadline);
}
