namespace AgentOperator.Chaos.Engine;

/// <summary>
/// Something that can die or be stopped: an operator replica or a runner. What it awaits when it dies is never completed, its timers never fire: its
/// tasks are left to the collector, exactly as a killed process leaves nothing behind but what the world outside has already taken in.
/// </summary>
internal sealed class SimulatedProcess
{
    public SimulatedProcess(Simulator simulator, string name, TimeSpan clockSkew)
    {
        Name = name;
        Time = new VirtualTimeProvider(simulator, this, clockSkew);
    }

    public string Name { get; }

    /// <summary>The process's own clock; its timers end with it.</summary>
    public VirtualTimeProvider Time { get; }

    public bool IsDead { get; private set; }

    /// <summary>Until when the process gets no processor time (SIGSTOP, a long pause); null when it runs.</summary>
    public TimeSpan? FrozenUntil { get; set; }

    /// <summary>What came due while it was stopped.</summary>
    public Queue<SimulatedEvent> Held { get; } = new();

    /// <summary>Called once, at its death.</summary>
    public Action<string>? Died { get; set; }

    public void Kill(string why)
    {
        if (!IsDead)
        {
            IsDead = true;
            Died?.Invoke(why);
        }
    }
}
