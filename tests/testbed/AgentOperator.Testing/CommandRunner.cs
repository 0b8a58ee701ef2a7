using System.Diagnostics;

namespace AgentOperator.Testing;

/// <summary>Runs commands of the machine.</summary>
internal static class CommandRunner
{
    /// <summary>Runs a command to its end, or kills it at the deadline.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="deadline">How long it may take.</param>
    /// <param name="input">What it reads; null for nothing.</param>
    /// <param name="environment">Variables beside those of this process.</param>
    /// <exception cref="TimeoutException">The deadline passed.</exception>
    public static async Task<CommandResult> RunAsync(
        string file, IReadOnlyList<string> arguments, TimeSpan deadline, string? input = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var command = $"{Path.GetFileName(file)} {string.Join(' ', arguments)}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{command}' could not be started.");
        using var timeout = new CancellationTokenSource(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var error = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), timeout.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(timeout.Token);
            return new CommandResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{command}' took longer than {deadline.TotalSeconds:0} s.");
        }
    }
}
