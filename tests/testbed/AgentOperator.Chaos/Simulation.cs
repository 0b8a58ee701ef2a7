using AgentOperator.Chaos.Engine;
using AgentOperator.Chaos.Judging;
using AgentOperator.Chaos.Sabotage;
using AgentOperator.Protocol;

namespace AgentOperator.Chaos;

/// <summary>Runs simulations.</summary>
internal static class Simulation
{
    /// <summary>Runs one seed.</summary>
    /// <param name="seed">The seed: all else follows from it.</param>
    /// <param name="sabotage">What is broken on purpose.</param>
    /// <param name="trace">Where the trace is written; null keeps only its hash.</param>
    public static SimulationResult Run(ulong seed, ISabotage? sabotage = null, TextWriter? trace = null)
    {
        // Test runners bring a synchronization context, which would take continuations off the simulator's thread.
        var callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var world = new World(seed, sabotage ?? new NoSabotage(), trace);
        try
        {
            world.Run();
        }
        catch (SimulationException exception)
        {
            world.Oracles.Findings.Add(FindingKind.Other, "the simulation", exception.ToString());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(callers);
        }

        return new SimulationResult(
            seed, world.Oracles.Findings.All, world.Simulator.Trace.Hash, world.Simulator.Trace.Count, world.Kills, world.Programs.Count,
            world.Agents.Count,
            world.Simulator.Now)
        {
            Shortened = world.Oracles.Journal.All.Sum(truth => truth.Records.Count(record => record.Kind == RecordKinds.ContextShortened)),
        };
    }
}
