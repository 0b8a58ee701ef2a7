namespace AgentOperator.EndToEnd.Edges;

/// <summary>
/// Something that is done to a run, or around it, while its agent runs a tool. The tool goes on only afterwards.
/// </summary>
/// <param name="Name">The run's name.</param>
/// <param name="Do">What is done.</param>
internal sealed record Manipulation(string Name, Func<LiveRun, Task> Do)
{
    /// <summary>Changes the spec that the run has from the beginning.</summary>
    public Func<AgentRunSpec, AgentRunSpec> Spec { get; init; } = spec => spec;

    /// <summary>Prepares what the run needs.</summary>
    public Func<LiveRun, Task>? Prepare { get; init; }

    /// <summary>What is to be seen before the tool goes on, in the words of <see cref="Expectation"/>: one of these. Empty: nothing.</summary>
    public IReadOnlyList<string> Meanwhile { get; init; } = [];

    /// <summary>What is to be seen after the tool has gone on, before <see cref="Mend"/>: one of these. Empty: nothing.</summary>
    public IReadOnlyList<string> Then { get; init; } = [];

    /// <summary>Puts things right again.</summary>
    public Func<LiveRun, Task>? Mend { get; init; }

    /// <summary>How it ends: in one of these ways.</summary>
    public IReadOnlyList<string> Ends { get; init; } = [$"phase {Phases.Succeeded}"];

    /// <summary>How many answers are paid in all; null if that cannot be said.</summary>
    public int? Answers { get; init; } = 2;

    /// <summary>Whether the run has a namespace of its own, since what is done would concern others.</summary>
    public bool IsAlone { get; init; }
}
