using System.Diagnostics;
using System.Globalization;

namespace AgentOperator.ProtocolConformance.Runners;

/// <summary>An attempt's process, or its container.</summary>
internal sealed class RunnerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly RunnerFolder _folder;
    private readonly string? _container;

    private RunnerProcess(Process process, RunnerFolder folder, string? container)
    {
        (_process, _folder, _container) = (process, folder, container);
        _output = ReadAsync();
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a runner.</summary>
    /// <param name="runner">Which one.</param>
    /// <param name="folder">What its pod would mount.</param>
    /// <param name="environment">What its pod would set, but for paths.</param>
    public static RunnerProcess Start(RunnerUnderTest runner, RunnerFolder folder, IReadOnlyDictionary<string, string> environment)
    {
        var container = runner.Image is null ? null : $"conformance-{Guid.NewGuid():N}";
        var start = container is null ? Local(runner, folder) : Containers.Run(runner.Image!, container, folder, environment.Keys);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        return new RunnerProcess(Process.Start(start)!, folder, container);
    }

    /// <summary>Waits for its end.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<RunnerEnd> WaitAsync(TimeSpan? patience = null)
    {
        using var timeout = new CancellationTokenSource(patience ?? Patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
            throw new TimeoutException(
                $"the runner did not end within {(patience ?? Patience).TotalSeconds:0} s; its output: {(await _output).Trim()}");
        }

        return new RunnerEnd(_process.ExitCode, await File.ReadAllBytesAsync(_folder.Report), await _output);
    }

    /// <summary>Kills it, and its commands.</summary>
    public async Task KillAsync()
    {
        if (_container is not null)
        {
            await Containers.SignalAsync(_container, "KILL");
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop.</summary>
    public async Task TerminateAsync()
    {
        if (_container is not null)
        {
            await Containers.SignalAsync(_container, "TERM");
            return;
        }

        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Local(RunnerUnderTest runner, RunnerFolder folder)
    {
        var start = new ProcessStartInfo(runner.Command[0], runner.Command.Skip(1)) { WorkingDirectory = Repository.Root };
        start.Environment[RunnerEnvironment.TokenFile] = folder.TokenFile;
        start.Environment[RunnerEnvironment.Workspace] = folder.Workspace;
        start.Environment[RunnerEnvironment.TerminationLog] = folder.Report;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        return start;
    }

    private async Task<string> ReadAsync()
    {
        var (output, error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
        return await output + await error;
    }
}
