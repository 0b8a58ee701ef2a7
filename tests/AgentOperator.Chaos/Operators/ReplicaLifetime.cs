using Microsoft.Extensions.Hosting;

namespace AgentOperator.Chaos.Operators;

/// <summary>A replica that never stops in good order: it is killed.</summary>
internal sealed class ReplicaLifetime : IHostApplicationLifetime
{
    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication()
    {
    }
}
