using Microsoft.Extensions.Hosting;

namespace AgentOperator.ControlRuntime;

/// <summary>Stops the host; the kubelet then starts a new process, which is a follower with a fresh state.</summary>
internal sealed class HostExit(IHostApplicationLifetime lifetime) : IProcessExit
{
    public const int ExitCode = 1;

    public void Fail()
    {
        Environment.ExitCode = ExitCode;
        lifetime.StopApplication();
    }
}
