namespace AgentOperator.ModelServer.Scenarios;

/// <summary>A scripted conversation: the answer to a request with N assistant messages is step N.</summary>
internal sealed record Scenario
{
    /// <summary>What the scenario is for; for readers only.</summary>
    public string Description { get; init; } = "";

    /// <summary>The steps as the file writes them, before <see cref="ScenarioStep.Repeat"/> is applied.</summary>
    public IReadOnlyList<ScenarioStep> Steps { get; init; } = [];

    /// <summary>Steps that the scenario plays, repeats included.</summary>
    public int StepCount => Steps.Sum(step => step.Repeat);

    /// <summary>The step at a zero-based number; null when the scenario is over.</summary>
    public ScenarioStep? StepAt(int number)
    {
        var first = 0;
        foreach (var step in Steps)
        {
            if (number < first + step.Repeat)
                return step;
            first += step.Repeat;
        }

        return null;
    }
}
