namespace AgentOperator.Api;

/// <summary>Annotations that the operator reads or writes.</summary>
public static class Annotations
{
    /// <summary>On a runner pod: the time of its last heartbeat (RFC 3339, UTC).</summary>
    public const string Heartbeat = ApiConstants.Group + "/heartbeat";

    /// <summary>
    /// On a runner pod: why the gateway told the agent to stop, <see cref="Reasons.Suspended"/> or <see cref="Reasons.Deleting"/>.
    /// </summary>
    public const string ToldToStop = ApiConstants.Group + "/told-to-stop";

    /// <summary>
    /// On a Secret: the hosts that a ModelEndpoint may send its values to, separated by commas. A host without a port means https on port 443.
    /// </summary>
    public const string EndpointHost = ApiConstants.Group + "/endpoint-host";

    /// <summary>On a runner pod: "true" lets the cluster autoscaler remove its node. Nothing that was committed is lost.</summary>
    public const string SafeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict";
}
