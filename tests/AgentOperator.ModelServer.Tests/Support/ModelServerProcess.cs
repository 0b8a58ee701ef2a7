using System.Diagnostics;

namespace AgentOperator.ModelServer.Tests.Support;

/// <summary>The executable as its users start it.</summary>
internal sealed class ModelServerProcess : IDisposable
{
    private readonly Process _process;

    public ModelServerProcess(IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ModelServerHost).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
    }

    public int Id => _process.Id;

    public int ExitCode => _process.ExitCode;

    public StreamReader Output => _process.StandardOutput;

    public StreamReader Error => _process.StandardError;

    public Task WaitForExitAsync(CancellationToken ct) => _process.WaitForExitAsync(ct);

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
