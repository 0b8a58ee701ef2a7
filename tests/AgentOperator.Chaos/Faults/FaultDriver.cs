using AgentOperator.Api;
using AgentOperator.Chaos.Cluster;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Chaos.Faults;

/// <summary>Lets faults strike from outside: on pods and nodes, on the operator, on the API server, and by users.</summary>
internal sealed class FaultDriver(World world)
{
    private readonly FaultPlan faults = world.Faults;

    public void Start()
    {
        Repeat(faults.PodFaultsPerMinute * world.Programs.Count, StrikePod);
        Repeat(faults.OperatorFaultsPerMinute, StrikeOperator);
        Repeat(faults.OutagesPerMinute, StrikeApiServer);
        Repeat(faults.UserActsPerMinute, Act);
    }

    private void Repeat(double perMinute, Action strike)
    {
        if (faults.Next(perMinute) is { } pause && world.Simulator.Now + pause < faults.FaultsEnd)
        {
            world.Simulator.After(pause, null, null, () =>
            {
                strike();
                Repeat(perMinute, strike);
            });
        }
    }

    private void StrikePod()
    {
        var alive = world.Agents.Where(agent => agent.IsAlive).ToList();
        if (alive.Count == 0)
        {
            return;
        }

        var agent = faults.Pick(alive);
        var fault = faults.Pick(faults.PodFaults);
        world.Simulator.Note($"{agent.Name}: {fault} strikes");
        if (fault is PodFault.Crash or PodFault.Partition or PodFault.Freeze)
        {
            world.CountCostly(agent.Program.Run);
        }

        Strike(agent, fault);
    }

    private void Strike(PodAgent agent, PodFault fault)
    {
        switch (fault)
        {
            case PodFault.Crash:
                agent.Kill("crashed", 139, "Error");
                break;
            case PodFault.OutOfMemory:
                agent.Kill("killed for memory", 137, "OOMKilled");
                break;
            case PodFault.Evict:
                agent.Evict();
                break;
            case PodFault.Delete:
                world.Server.DeletePod(new ObjectKey(World.Namespace, agent.Name), agent.Uid);
                break;
            case PodFault.Preempt:
                agent.Preempt();
                break;
            case PodFault.NodeDies:
                agent.LoseNode(dies: true);
                break;
            case PodFault.NodeUnreachable:
                agent.LoseNode(dies: false);
                break;
            case PodFault.Partition:
                agent.PartitionedUntil = world.Simulator.Now + faults.Time(1, 200);
                break;
            default:
                agent.Freeze(faults.Time(1, 150));
                break;
        }
    }

    private void StrikeOperator()
    {
        switch (faults.Pick(faults.OperatorFaults))
        {
            case OperatorFault.Crash:
                world.Operators.Crash();
                break;
            case OperatorFault.Freeze:
                world.Operators.Freeze();
                break;
            default:
                world.Operators.HandOver();
                break;
        }
    }

    private void StrikeApiServer()
    {
        var outage = faults.Time(1, 60);
        world.CountCostlyToAll();
        faults.ApiOutageUntil = world.Simulator.Now + outage;
        world.Simulator.Note($"the API server is away for {outage.TotalSeconds:0.0} s");
    }

    private void Act()
    {
        var runs = world.Server.Runs.All.Where(run => !Phases.IsTerminal(run.Status?.Phase)).ToList();
        if (runs.Count == 0)
        {
            return;
        }

        var run = faults.Pick(runs);
        if (faults.Chance(0.2))
        {
            world.Simulator.Note($"a user deletes {run.Metadata.Name}");
            world.Server.DeleteRun(ObjectKey.Of(run), run.Metadata.Uid);
            return;
        }

        world.ChangeSpec(ObjectKey.Of(run), spec => spec with { Suspend = true }, "suspends");
        world.Simulator.After(
            faults.Time(1, 90), null, null, () => world.ChangeSpec(ObjectKey.Of(run), spec => spec with { Suspend = false }, "resumes"));
    }
}
