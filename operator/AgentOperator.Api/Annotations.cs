namespace AgentOperator.Api;

/// <summary>Annotations that the operator writes.</summary>
public static class Annotations
{
    /// <summary>On a runner pod: when its last heartbeat came (RFC 3339, UTC).</summary>
    public const string Heartbeat = ApiConstants.Group + "/heartbeat";
}
