namespace AgentOperator.Protocol;

/// <summary>What a runner is told in answer to a heartbeat.</summary>
public enum HeartbeatDirective
{
    /// <summary>Go on.</summary>
    Continue,

    /// <summary>Stop within the grace period, as after SIGTERM.</summary>
    Stop,
}
