namespace AgentOperator.SimulatedNodes.Runs;

/// <summary>What a watch saw of a run, from its creation on.</summary>
internal sealed class SeenRun(string name)
{
    private readonly List<string> _phases = [];

    public string Name => name;

    /// <summary>The phases in the order seen, each only when it changed.</summary>
    public IReadOnlyList<string> Phases => _phases;

    /// <summary>How often it went into a terminal phase, or from one terminal phase to another.</summary>
    public int Ends { get; private set; }

    /// <summary>The newest status.</summary>
    public AgentRunStatus? Status { get; private set; }

    /// <summary>
    /// How many versions of it were seen: one for its creation and one for each write after that, but for those that came too fast.
    /// </summary>
    public int Versions { get; private set; }

    public bool IsTerminal => Api.Phases.IsTerminal(Status?.Phase);

    public void See(AgentRunStatus? status)
    {
        Versions++;
        var (before, after) = (Status?.Phase, status?.Phase);
        Status = status;
        if (after is not null && after != before)
        {
            _phases.Add(after);
            Ends += Api.Phases.IsTerminal(after) ? 1 : 0;
        }
    }

    public override string ToString() =>
        $"{name}: {string.Join(" > ", _phases)}; attempts "
            + $"{string.Join(", ", (Status?.Attempts ?? []).Select(attempt => $"{attempt.Number} {attempt.Outcome ?? "open"} {attempt.Message}"))}; "
            + $"waits for {Status?.WaitingFor ?? "nothing"}";
}
