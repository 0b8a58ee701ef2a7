using System.Diagnostics;

namespace AgentOperator.ModelServer.Tests.Support;

/// <summary>The executable as its users start it.</summary>
internal sealed class ModelServerProcess : IDisposable
{
    private readonly Process process;

    public ModelServerProcess(IReadOnlyList<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(ModelServerHost).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        process = Process.Start(start)!;
    }

    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    public StreamReader Output => process.StandardOutput;

    public StreamReader Error => process.StandardError;

    public Task WaitForExitAsync(CancellationToken ct) => process.WaitForExitAsync(ct);

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }
}
