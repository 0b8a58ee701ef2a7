namespace AgentOperator.Protocol;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="Directive">Whether to keep running.</param>
/// <param name="Reason">Why to stop.</param>
/// <param name="Terms">The run's present limits and deadline. Absent from gateways of version 0.1.</param>
public sealed record HeartbeatResponse(HeartbeatDirective Directive, string? Reason = null, RunTerms? Terms = null);
