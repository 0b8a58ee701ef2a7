namespace AgentOperator.Protocol;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Directive">Whether to go on.</param>
/// <param name="Reason">Why to stop.</param>
public sealed record HeartbeatResponse(HeartbeatDirective Directive, string? Reason = null);
