namespace AgentOperator.Protocol;

/// <summary>Payload of <see cref="RecordKinds.RunFinished"/>.</summary>
public sealed record RunFinishedPayload
{
    /// <summary>How the run ended.</summary>
    public required RunOutcome Outcome { get; init; }

    /// <summary>CamelCase reason, such as <c>Completed</c>, <c>BudgetExhausted</c> or <c>DeadlineExceeded</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>A human-readable message; never prompt text.</summary>
    public string? Message { get; init; }

    /// <summary>The agent's final answer.</summary>
    public string? Result { get; init; }
}
