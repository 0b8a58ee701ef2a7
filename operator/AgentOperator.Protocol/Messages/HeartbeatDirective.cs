namespace AgentOperator.Protocol;

/// <summary>What the runner must do after a heartbeat.</summary>
public enum HeartbeatDirective
{
    /// <summary>Keep running.</summary>
    Continue,

    /// <summary>Stop within the grace period, as after SIGTERM.</summary>
    Stop,
}
