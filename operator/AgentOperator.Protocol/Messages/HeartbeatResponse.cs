namespace AgentOperator.Protocol;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Directive">Whether to keep running.</param>
/// <param name="Reason">Why to stop.</param>
public sealed record HeartbeatResponse(HeartbeatDirective Directive, string? Reason = null);
