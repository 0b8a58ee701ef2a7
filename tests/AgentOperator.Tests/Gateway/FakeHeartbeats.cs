using System.Collections.Concurrent;
using AgentOperator.Gateway.Heartbeats;
using AgentOperator.Gateway.Identity;

namespace AgentOperator.Tests.Gateway;

/// <summary>The heartbeats that were recorded.</summary>
internal sealed class FakeHeartbeats : IHeartbeatWriter
{
    public ConcurrentQueue<RunnerIdentity> Recorded { get; } = new();

    public Task RecordAsync(RunnerIdentity runner, TimeSpan atMostEvery, CancellationToken cancellationToken)
    {
        Recorded.Enqueue(runner);
        return Task.CompletedTask;
    }
}
