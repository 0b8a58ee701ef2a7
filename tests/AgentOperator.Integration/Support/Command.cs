using System.Diagnostics;

namespace AgentOperator.Integration.Support;

/// <summary>Runs programs to their end.</summary>
public static class Command
{
    /// <summary>Runs a program with a deadline.</summary>
    /// <returns>How it ended, whatever its exit code is.</returns>
    /// <exception cref="TimeoutException">It did not end in time; it and its children are killed.</exception>
    public static async Task<CommandResult> RunAsync(
        string file, IEnumerable<string> arguments, TimeSpan deadline, IReadOnlyDictionary<string, string>? environment = null, string? input = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            using var timeout = new CancellationTokenSource(deadline, TimeProvider.System);
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException exception)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} did not end within {deadline}.", exception);
        }

        return new CommandResult(process.ExitCode, await output, await errors);
    }
}
