using AgentOperator.SimulatedNodes.Pods;

namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>A death that an agent's program has in it.</summary>
/// <param name="Step">In which model call of the run, from 1.</param>
/// <param name="Point">Where in that step.</param>
/// <param name="Exit">How the kubelet tells it.</param>
/// <param name="Gate">What is waited for before it happens; null for nothing.</param>
internal sealed record Crash(int Step, CrashPoint Point, ContainerExit Exit, CrashGate? Gate = null);
