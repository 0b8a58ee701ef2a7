namespace AgentOperator.Chaos.Engine;

/// <summary>Something that is going to happen.</summary>
/// <param name="Owner">The process that it happens in; null for the world.</param>
/// <param name="Label">For the trace; null for what is seen in its consequences.</param>
/// <param name="Action">What happens.</param>
internal readonly record struct SimulatedEvent(SimulatedProcess? Owner, string? Label, Action Action);
