namespace AgentOperator.Api;

/// <summary>Annotations that the operator writes.</summary>
public static class Annotations
{
    /// <summary>On a runner pod: the time of its last heartbeat (RFC 3339, UTC).</summary>
    public const string Heartbeat = ApiConstants.Group + "/heartbeat";
}
