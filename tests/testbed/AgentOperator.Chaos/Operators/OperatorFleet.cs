namespace AgentOperator.Chaos.Operators;

/// <summary>The operator's replicas, and who of them leads: at most one by the lease, perhaps two by their own belief.</summary>
internal sealed class OperatorFleet(World world)
{
    private const int Size = 2;
    private readonly List<Replica> _living = [];
    private Replica? _leader;
    private int _started;
    private bool _electing;

    public IReadOnlyList<Replica> Living => _living;

    public void Start()
    {
        for (var i = 0; i < Size; i++)
        {
            Launch();
        }
    }

    /// <summary>A replica that takes connections: any that lives, a frozen one too.</summary>
    public Replica? PickServing() => _living.Count == 0 ? null : world.Faults.Pick(_living);

    public void Died(Replica replica)
    {
        _living.Remove(replica);
        world.Killed($"{replica.Process.Name} died");
        world.Simulator.After(world.Faults.Time(0.5, 20), null, null, Launch);
        if (_leader == replica)
        {
            _leader = null;
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
        if (frozen == _leader && pause > TimeSpan.FromSeconds(15))
        {
            _leader = null;
            Elect();
            var notices = pause + world.Faults.Time(0, 10);
            world.Simulator.After(notices, frozen.Process, $"{frozen.Process.Name}: learns that it leads no more", () => Demote(frozen));
        }
    }

    /// <summary>Gives leadership to the other replica; the old leader believes in its own for a while longer.</summary>
    public void HandOver()
    {
        if (_leader is not { } old || _living.FirstOrDefault(other => other != old) is not { } next)
        {
            return;
        }

        Promote(next);
        world.Simulator.After(world.Faults.Time(0, 30), old.Process, $"{old.Process.Name}: learns that it leads no more", () => Demote(old));
    }

    private void Launch()
    {
        var replica = new Replica(world, $"operator-{++_started}");
        _living.Add(replica);
        world.Simulator.Note($"{replica.Process.Name} starts");
        if (_leader is null)
        {
            Elect();
        }
    }

    private void Elect()
    {
        if (_electing)
        {
            return;
        }

        _electing = true;
        world.Simulator.After(world.Faults.Time(0.1, _started <= Size ? 1 : 15), null, null, () =>
        {
            _electing = false;
            if (_leader is not null)
            {
                return;
            }

            var candidates = _living.Where(replica => !(replica.Process.FrozenUntil > world.Simulator.Now)).ToList();
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
        _leader = replica;
        world.Simulator.Note($"{replica.Process.Name} leads");
        world.Simulator.After(TimeSpan.Zero, replica.Process, null, replica.Controller.StartLeading);
    }

    private void Demote(Replica replica)
    {
        if (_leader != replica)
        {
            replica.Controller.StopLeading();
        }
    }
}
