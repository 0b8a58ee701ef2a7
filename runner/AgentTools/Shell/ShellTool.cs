using System.ComponentModel;
using System.Globalization;
using System.Text.Json;

namespace AgentTools;

/// <summary>Runs a command with <c>/bin/sh</c> in the workspace.</summary>
/// <param name="workspace">Where commands run; also their home.</param>
/// <param name="environment">The variables that commands get beside <c>PATH</c> and <c>HOME</c>. Nothing is inherited.</param>
/// <param name="keyVariable">The variable that gives a command its call's idempotency key.</param>
/// <param name="memory">Tells when the kernel killed a command for memory; null when nothing can tell.</param>
public sealed class ShellTool(string workspace, IReadOnlyDictionary<string, string> environment, string keyVariable, IMemoryMonitor? memory) : ITool
{
    private const string ShellPath = "/bin/sh";
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>
    /// Makes the kernel's OOM killer choose the command rather than the runner: any process may raise its own score.
    /// If /proc forbids it, the command runs anyway.
    /// </summary>
    private const string Wrapper = "{ echo 1000 > /proc/self/oom_score_adj; } 2>/dev/null; exec /bin/sh -c \"$1\"";

    private static readonly JsonElement Parameters = JsonElement.Parse(
        """{"type":"object","properties":{"command":{"type":"string","description":"The command line for /bin/sh -c."}},"required":["command"],"additionalProperties":false}""");

    /// <inheritdoc/>
    public string Name => "shell";

    /// <inheritdoc/>
    public string Description =>
        "Runs a command with /bin/sh in the workspace folder and returns its output (stdout and stderr as they come) and its exit code. "
        + "The command gets no input; processes that it leaves in the background are stopped when it ends.";

    /// <inheritdoc/>
    public JsonElement Schema => Parameters;

    /// <inheritdoc/>
    public async Task<ToolOutcome> RunAsync(ToolInvocation invocation, CancellationToken cancellationToken)
    {
        if (ToolArguments.Text(invocation.Arguments, "command") is not { } command)
        {
            return ToolOutcome.Failure("The argument 'command' is missing or is not a text.");
        }

        if (command.Contains('\0', StringComparison.Ordinal))
        {
            return ToolOutcome.Failure("The argument 'command' holds a NUL character, which no command line can.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var before = memory?.Read();
        ChildProcess child;
        try
        {
            child = ChildProcess.Start(ShellPath, ["sh", "-c", Wrapper, "sh", command], Variables(invocation), workspace);
        }
        catch (Win32Exception exception)
        {
            return ToolOutcome.Failure($"The command could not be started: {exception.Message}");
        }

        using (child)
        {
            return await WaitAsync(child, invocation, before, cancellationToken);
        }
    }

    private async Task<ToolOutcome> WaitAsync(
        ChildProcess child, ToolInvocation invocation, MemoryCounters? before, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(invocation.Timeout);
        using var onTimeout = timeout.Token.Register(child.KillGroupWhileRunning);
        using var onCancel = cancellationToken.Register(child.KillGroupWhileRunning);
        var buffer = new OutputBuffer(invocation.MaxOutputBytes);
        var exitCode = await Task.Factory.StartNew(
            () => child.ReadToEnd(buffer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
        return Outcome(invocation, buffer, exitCode, timeout.IsCancellationRequested, before, memory?.Read());
    }

    private static ToolOutcome Outcome(
        ToolInvocation invocation, OutputBuffer buffer, int exitCode, bool timedOut, MemoryCounters? before, MemoryCounters? after)
    {
        var output = buffer.ToString();
        var separator = output.Length == 0 || output.EndsWith('\n') ? "" : "\n";
        var killedForMemory = before is not null && after is not null && after.OutOfMemoryKills > before.OutOfMemoryKills;
        var end = (killedForMemory, timedOut) switch
        {
            (true, _) => MemoryText(exitCode, after!),
            (_, true) => string.Create(
                CultureInfo.InvariantCulture,
                $"[killed: the command and all that it started ran longer than {invocation.Timeout.TotalSeconds:0.###} s]"),
            _ => string.Create(CultureInfo.InvariantCulture, $"[exit code: {exitCode}]"),
        };
        return new ToolOutcome(killedForMemory || timedOut ? ToolEnd.Failed : ToolEnd.Succeeded, $"{output}{separator}{end}", buffer.TruncatedBytes);
    }

    private static string MemoryText(int exitCode, MemoryCounters memory)
    {
        var what = exitCode == 128 + LibC.SigKill ? "killed for memory" : "a process of the command was killed for memory";
        var limit = memory.LimitBytes is { } bytes ? $"the limit is {Mebibytes(bytes)} MiB" : "the machine has no more";
        var used = memory.PeakBytes is { } peak ? $", up to {Mebibytes(peak)} MiB were used" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"[{what}: {limit}{used}; exit code: {exitCode}. Use less memory: smaller pieces, a stream, a file.]");
    }

    private static string Mebibytes(long bytes) => (bytes / (1024.0 * 1024.0)).ToString("0", CultureInfo.InvariantCulture);

    private Dictionary<string, string> Variables(ToolInvocation invocation)
    {
        var variables = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["HOME"] = workspace };
        variables.TryAdd("PATH", DefaultPath);
        if (invocation.IdempotencyKey is { } key)
        {
            variables[keyVariable] = key;
        }

        return variables;
    }
}
