namespace AgentOperator.Chaos.Engine;

/// <summary>The simulator itself or the code in it broke a rule of simulation: not a finding about an invariant.</summary>
internal sealed class SimulationException(string message, Exception? inner = null) : Exception(message, inner);
