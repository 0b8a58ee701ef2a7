namespace AgentOperator.Protocol;

/// <summary>The run's end: POST <see cref="Routes.Result"/>.</summary>
/// <param name="ExpectedSequence">The journal's head as the runner knows it.</param>
/// <param name="Result">How it ended.</param>
public sealed record ResultRequest(long ExpectedSequence, RunFinishedPayload Result);
