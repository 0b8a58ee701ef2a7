using Microsoft.Extensions.Hosting;

namespace AgentOperator.Chaos.Operators;

/// <summary>A replica that never stops in good order: it is killed.</summary>
internal sealed class ReplicaLifetime : IHostApplicationLifetime
{
    private readonly CancellationTokenSource _stopped = new();

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => CancellationToken.None;

    /// <summary>Never cancelled, but could be, as in a real host: waits are entered in the same way.</summary>
    public CancellationToken ApplicationStopped => _stopped.Token;

    public void StopApplication()
    {
    }
}
