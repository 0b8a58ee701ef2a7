namespace AgentOperator.ModelServer.Scenarios;

/// <summary>One answer of the model, and what goes wrong before it is given.</summary>
internal sealed record ScenarioStep
{
    /// <summary>The answer's text. Placeholders are filled in.</summary>
    public string? Text { get; init; }

    /// <summary>The answer's tool calls; several are parallel calls.</summary>
    public IReadOnlyList<ScenarioToolCall> ToolCalls { get; init; } = [];

    /// <summary>The whole body of the answer, sent as it is, for what no other field can say. Default: null, which uses the others.</summary>
    public string? Raw { get; init; }

    /// <summary>Token counts. Default: a quarter of the sizes in characters.</summary>
    public ScenarioUsage? Usage { get; init; }

    /// <summary>Milliseconds before the answer. Default: 0.</summary>
    public int DelayMs { get; init; }

    /// <summary>The key of an effect, in the ledger under the scenario's name, that the answer waits for. Default: null, it waits for none.</summary>
    public string? HoldUntil { get; init; }

    /// <summary>Faults that strike one after the other, each its number of times, before a run gets the answer.</summary>
    public IReadOnlyList<ScenarioFault> Faults { get; init; } = [];

    /// <summary>Times that the step is played in a row. Default: 1.</summary>
    public int Repeat { get; init; } = 1;

    /// <summary>What the request's last message must be; a mismatch is answered 400.</summary>
    public StepExpectation? Expect { get; init; }

    /// <summary>Ways in which the answer differs from what the protocol says.</summary>
    public IReadOnlyList<StepQuirk> Quirks { get; init; } = [];

    /// <summary>The <c>finish_reason</c>. Default: <c>tool_calls</c> with calls, otherwise <c>stop</c>.</summary>
    public string? FinishReason { get; init; }
}
