using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Microsoft.SemanticKernel;

namespace AgentOperator.Benchmarks.PlainAgent;

/// <summary>The agent's one tool.</summary>
internal sealed class Shell
{
    /// <summary>What the model calls it by, with a dash and the function's name behind.</summary>
    public const string PluginName = "agent";

    [KernelFunction("shell")]
    [Description("Runs a command with /bin/sh and returns its output (stdout and stderr) and its exit code.")]
    public static async Task<string> RunAsync([Description("The command line for /bin/sh -c.")] string command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return $"{await output}{await error}[exit code: {process.ExitCode.ToString(CultureInfo.InvariantCulture)}]";
    }
}
