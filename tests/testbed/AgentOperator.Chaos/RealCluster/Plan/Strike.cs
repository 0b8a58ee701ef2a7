namespace AgentOperator.Chaos.RealCluster.Plan;

/// <summary>One strike of the plan.</summary>
/// <param name="Number">Its place in the plan, from 1.</param>
/// <param name="Kind">What strikes.</param>
/// <param name="Pause">How long after the strike before it.</param>
/// <param name="Duration">How long it lasts, for those that last; for <see cref="StrikeKind.FreezeRunner"/> beyond the heartbeat timeout.</param>
/// <param name="Choice">Which of those that can be struck: any number, taken modulo their count.</param>
internal sealed record Strike(int Number, StrikeKind Kind, TimeSpan Pause, TimeSpan Duration, int Choice);
