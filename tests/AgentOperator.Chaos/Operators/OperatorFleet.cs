namespace AgentOperator.Chaos.Operators;

/// <summary>The operator's replicas, and who of them leads: at most one by the lease, perhaps two by their own belief.</summary>
internal sealed class OperatorFleet(World world)
{
    private const int Size = 2;
    private readonly List<Replica> living = [];
    private Replica? leader;
    private int started;
    private bool electing;

    public IReadOnlyList<Replica> Living => living;

    public void Start()
    {
        for (var i = 0; i < Size; i++)
        {
            Launch();
        }
    }

    /// <summary>A replica that takes connections: any that lives, a frozen one too.</summary>
    public Replica? PickServing() => living.Count == 0 ? null : world.Faults.Pick(living);

    public void Died(Replica replica)
    {
        living.Remove(replica);
        world.Killed($"{replica.Process.Name} died");
        world.Simulator.After(world.Faults.Time(0.5, 20), null, null, Launch);
        if (leader == replica)
        {
            leader = null;
            Elect();
        }
    }

    public void Crash() => PickServing()?.Process.Kill("crashed");

    /// <summary>Stops a replica for a while. When it led and the pause is longer than the lease, the other leads before it wakes up.</summary>
    public void Freeze()
    {
        if (PickServing() is not { } frozen)
        {
            return;
        }

        var pause = world.Faults.Time(1, 60);
        world.Simulator.Note($"{frozen.Process.Name}: frozen for {pause.TotalSeconds:0.0} s");
        frozen.Process.FrozenUntil = world.Simulator.Now + pause;
        if (frozen == leader && pause > TimeSpan.FromSeconds(15))
        {
            leader = null;
            Elect();
            var notices = pause + world.Faults.Time(0, 10);
            world.Simulator.After(notices, frozen.Process, $"{frozen.Process.Name}: learns that it leads no more", () => Demote(frozen));
        }
    }

    /// <summary>Gives leadership to the other replica; the old leader believes in its own for a while longer.</summary>
    public void HandOver()
    {
        if (leader is not { } old || living.FirstOrDefault(other => other != old) is not { } next)
        {
            return;
        }

        Promote(next);
        world.Simulator.After(world.Faults.Time(0, 30), old.Process, $"{old.Process.Name}: learns that it leads no more", () => Demote(old));
    }

    private void Launch()
    {
        var replica = new Replica(world, $"operator-{++started}");
        living.Add(replica);
        world.Simulator.Note($"{replica.Process.Name} starts");
        if (leader is null)
        {
            Elect();
        }
    }

    private void Elect()
    {
        if (electing)
        {
            return;
        }

        electing = true;
        world.Simulator.After(world.Faults.Time(0.1, started <= Size ? 1 : 15), null, null, () =>
        {
            electing = false;
            if (leader is not null)
            {
                return;
            }

            var candidates = living.Where(replica => !(replica.Process.FrozenUntil > world.Simulator.Now)).ToList();
            if (candidates.Count > 0)
            {
                Promote(world.Faults.Pick(candidates));
            }
            else
            {
                Elect();
            }
        });
    }

    private void Promote(Replica replica)
    {
        leader = replica;
        world.Simulator.Note($"{replica.Process.Name} leads");
        world.Simulator.After(TimeSpan.Zero, replica.Process, null, replica.Controller.StartLeading);
    }

    private void Demote(Replica replica)
    {
        if (leader != replica)
        {
            replica.Controller.StopLeading();
        }
    }
}
