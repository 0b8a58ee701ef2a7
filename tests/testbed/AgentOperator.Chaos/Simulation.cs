using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Operators;
using AgentOperator.Chaos.Oracles;
using AgentOperator.Chaos.Sabotage;

namespace AgentOperator.Chaos;

/// <summary>Runs simulations. What is costly to make and holds no state is made once.</summary>
internal sealed class Simulation
{
    private readonly SharedMetrics _metrics = new();

    /// <summary>Runs one seed.</summary>
    /// <param name="seed">The seed: all else follows from it.</param>
    /// <param name="sabotage">What is broken on purpose.</param>
    /// <param name="trace">Where the trace is written; null keeps only its hash.</param>
    public SimulationResult Run(ulong seed, ISabotage? sabotage = null, TextWriter? trace = null)
    {
        // Test runners bring a synchronization context, which would take continuations off the simulator's thread.
        var callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var world = new World(seed, sabotage ?? new NoSabotage(), _metrics, trace);
        try
        {
            world.Run();
        }
        catch (SimulationException exception)
        {
            world.Oracles.Findings.Add(FindingKind.Other, exception.ToString());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(callers);
        }

        return new SimulationResult(
            seed, world.Oracles.Findings.All, world.Simulator.Trace.Hash, world.Simulator.Trace.Count, world.Kills, world.Programs.Count,
            world.Agents.Count,
            world.Simulator.Now);
    }
}
