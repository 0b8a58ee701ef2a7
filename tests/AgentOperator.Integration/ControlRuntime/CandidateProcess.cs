using System.Diagnostics;
using AgentOperator.Integration.Support;

namespace AgentOperator.Integration.ControlRuntime;

/// <summary>A candidate in a process of its own, so that it can really be stopped, frozen and killed.</summary>
internal sealed class CandidateProcess : IDisposable
{
    /// <summary>What it prints when it becomes the leader; anything else when it no longer is.</summary>
    public const string LeadsLine = "leads";

    private readonly Process _process;
    private volatile bool _leads;

    public CandidateProcess(string namespaceName, string identity)
    {
        Identity = identity;
        var assembly = typeof(CandidateProcess).Assembly.Location;
        _process = Process.Start(new ProcessStartInfo("dotnet", [assembly, ControlPlane.Kubeconfig, namespaceName, identity])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, line) => _leads = line.Data == LeadsLine;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Identity { get; }

    /// <summary>Whether it does what only the leader does, as it says itself.</summary>
    public bool Leads => _leads;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Sends a signal: TERM, STOP, CONT, KILL.</summary>
    public async Task SignalAsync(string signal)
    {
        var result = await CommandRunner.RunAsync("kill", [$"-{signal}", $"{_process.Id}"], TimeSpan.FromSeconds(10));
        Assert.That(result.ExitCode, Is.Zero, result.Error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }
}
