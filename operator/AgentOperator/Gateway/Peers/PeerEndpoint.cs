namespace AgentOperator.Gateway.Peers;

/// <summary>
/// The path that replicas ask each other: 204 when the step's answer is committed now, 404 when there is nothing of it here. It takes what a runner may
/// send and no more, so it gives no one a right that the runner's own token does not.
/// </summary>
internal static class PeerEndpoint
{
    public const string Path = "/v1/peer/answer";
}
