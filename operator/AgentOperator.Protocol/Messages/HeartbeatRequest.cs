namespace AgentOperator.Protocol;

/// <summary>A heartbeat: POST <see cref="Routes.Heartbeat"/>.</summary>
/// <param name="Step">How many model answers the runner has processed.</param>
/// <param name="Message">What the runner is doing, in at most 256 characters. Never prompt text.</param>
public sealed record HeartbeatRequest(int Step, string? Message = null);
