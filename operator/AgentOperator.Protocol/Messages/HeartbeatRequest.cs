namespace AgentOperator.Protocol;

/// <summary>A sign of life: POST <see cref="Routes.Heartbeat"/>.</summary>
/// <param name="Step">How many model answers the runner has worked through.</param>
/// <param name="Message">A few words on what it is doing; never prompt text. At most 256 characters.</param>
public sealed record HeartbeatRequest(int Step, string? Message = null);
