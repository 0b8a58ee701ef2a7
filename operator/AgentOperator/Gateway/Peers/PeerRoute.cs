namespace AgentOperator.Gateway.Peers;

/// <summary>
/// The path on which replicas ask each other for a step's answer. GET answers at once: 204 if this replica has the call, 404 if not. POST waits for
/// the call: 204 when its answer is committed, 404 when there is none. Both take what a runner may send and no more, so they grant nothing that
/// the runner's own token does not.
/// </summary>
internal static class PeerRoute
{
    public const string Answer = "/v1/peer/answer";
}
