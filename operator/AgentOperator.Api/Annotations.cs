namespace AgentOperator.Api;

/// <summary>Annotations that the operator writes.</summary>
public static class Annotations
{
    /// <summary>On a runner pod: the time of its last heartbeat (RFC 3339, UTC).</summary>
    public const string Heartbeat = ApiConstants.Group + "/heartbeat";

    /// <summary>On a runner pod: "true" lets the cluster autoscaler remove its node. Nothing that was committed is lost.</summary>
    public const string SafeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict";
}
