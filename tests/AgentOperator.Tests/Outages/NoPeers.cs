using AgentOperator.Gateway.Peers;

namespace AgentOperator.Tests.Outages;

/// <summary>Other replicas that never have a call under way.</summary>
internal sealed class NoPeers : IGatewayPeers
{
    public Task<bool> HaveCommittedAsync(string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken) =>
        Task.FromResult(false);
}
