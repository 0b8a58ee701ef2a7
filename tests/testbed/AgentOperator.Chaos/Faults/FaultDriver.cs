using AgentOperator.Api;
using AgentOperator.Chaos.Cluster;
using AgentOperator.ControlRuntime;

namespace AgentOperator.Chaos.Faults;

/// <summary>Lets faults strike from outside: on pods and nodes, on the operator, on the API server, and by users.</summary>
internal sealed class FaultDriver(World world)
{
    private readonly FaultPlan _faults = world.Faults;

    public void Start()
    {
        Repeat(_faults.PodFaultsPerMinute * world.Programs.Count, StrikePod);
        Repeat(_faults.OperatorFaultsPerMinute, StrikeOperator);
        Repeat(_faults.OutagesPerMinute, StrikeApiServer);
        Repeat(_faults.UserActsPerMinute, Act);
        Repeat(_faults.ProviderFaultsPerMinute, StrikeProvider);
    }

    private void Repeat(double perMinute, Action strike)
    {
        if (_faults.Next(perMinute) is { } pause && world.Simulator.Now + pause < _faults.FaultsEnd)
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

        var agent = _faults.Pick(alive);
        var fault = _faults.Pick(_faults.PodFaults);
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
                agent.PartitionedUntil = world.Simulator.Now + _faults.Time(1, 200);
                break;
            default:
                agent.Freeze(_faults.Time(1, 150));
                break;
        }
    }

    private void StrikeOperator()
    {
        switch (_faults.Pick(_faults.OperatorFaults))
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
        var outage = _faults.Time(1, 60);
        world.CountCostlyToAll();
        _faults.ApiOutageUntil = world.Simulator.Now + outage;
        world.Simulator.Note($"the API server is away for {outage.TotalSeconds:0.0} s");
    }

    /// <summary>Costs no run a failure, however long it lasts.</summary>
    private void StrikeProvider() => world.Provider.Strike(
        _faults.Pick(_faults.ProviderFaults), _faults.Chance(0.3) ? _faults.Time(120, 1800) : _faults.Time(5, 120));

    private void Act()
    {
        var runs = world.Server.Runs.All.Where(run => !Phases.IsTerminal(run.Status?.Phase)).ToList();
        if (runs.Count == 0)
        {
            return;
        }

        var run = _faults.Pick(runs);
        if (_faults.Chance(0.2))
        {
            world.Simulator.Note($"a user deletes {run.Metadata.Name}");
            world.Server.DeleteRun(ObjectKey.Of(run), run.Metadata.Uid);
            return;
        }

        if (_faults.Chance(0.3))
        {
            Forge(run);
            return;
        }

        world.ChangeSpec(ObjectKey.Of(run), spec => spec with { Suspend = true }, "suspends");
        world.Simulator.After(
            _faults.Time(1, 90), null, null, () => world.ChangeSpec(ObjectKey.Of(run), spec => spec with { Suspend = false }, "resumes"));
    }

    /// <summary>A user copies a pod of the run under the number of a later attempt, with its labels, its owner and a token of its own.</summary>
    private void Forge(AgentRun run)
    {
        if (world.Server.Pods.All.FirstOrDefault(pod => OwnerReferences.IsControlledBy(pod, run.Metadata.Uid)) is not { } pod)
        {
            return;
        }

        var attempt = (run.Status?.Attempt ?? 0) + _faults.Pick([1, 2, 7]);
        var name = $"{run.Metadata.Name}-{attempt}";
        if (world.Server.Pods.Get(new ObjectKey(World.Namespace, name)) is not null)
        {
            return;
        }

        world.Simulator.Note($"a user forges {name}");
        world.Server.CreatePod(pod with
        {
            Metadata = pod.Metadata with
            {
                Name = name,
                Labels = new Dictionary<string, string>(pod.Metadata.Labels) { [Labels.Attempt] = $"{attempt}" },
                DeletionTimestamp = null,
                DeletionGracePeriodSeconds = null,
            },
            Spec = pod.Spec with { NodeName = null },
        });
    }
}
