namespace AgentOperator.Gateway.Peers;

/// <summary>The other replicas of the gateway.</summary>
internal interface IGatewayPeers
{
    /// <summary>
    /// Asks them for a step's answer: a replica that has the call under way, or its answer in hand, commits it for the runner that asks.
    /// </summary>
    /// <param name="authorization">The runner's own Authorization header: the peer checks it as if the runner had come to it.</param>
    /// <param name="stepKey">The step.</param>
    /// <param name="expectedSequence">The journal's head as the runner knows it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether one of them committed it. A peer that does not answer has nothing.</returns>
    Task<bool> HaveCommittedAsync(string authorization, string stepKey, long expectedSequence, CancellationToken cancellationToken);
}
