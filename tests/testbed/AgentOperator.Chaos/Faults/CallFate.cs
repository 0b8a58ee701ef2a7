namespace AgentOperator.Chaos.Faults;

/// <summary>What becomes of one call, and how long its two ways take.</summary>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Request">From the call to its effect.</param>
/// <param name="Reply">From the effect to the caller.</param>
/// <param name="DiesWithCaller">Whether a request under way is lost when its caller dies.</param>
internal sealed record CallFate(FateKind Kind, TimeSpan Request, TimeSpan Reply, bool DiesWithCaller);
