namespace AgentOperator.Chaos.RealCluster.Programs;

/// <summary>One answer of the model with tool calls.</summary>
/// <param name="Delay">How long the model thinks.</param>
/// <param name="Calls">What it asks for; several are parallel calls.</param>
/// <param name="Fault">What the provider does before it gives the answer; null when it gives it at once.</param>
internal sealed record ProgramStep(TimeSpan Delay, IReadOnlyList<ProgramCall> Calls, ProviderFault? Fault = null);
