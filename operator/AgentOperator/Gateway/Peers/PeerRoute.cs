namespace AgentOperator.Gateway.Peers;

/// <summary>
/// The path on which replicas ask each other for a step's answer: 204 when it is committed now, 404 when this replica has nothing of the step.
/// It takes what a runner may send and no more, so it grants nothing that the runner's own token does not.
/// </summary>
internal static class PeerRoute
{
    public const string Answer = "/v1/peer/answer";
}
