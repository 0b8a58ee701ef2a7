namespace AgentOperator.EndToEnd.Support;

/// <summary>The outcome of a tool call as a run's journal holds it.</summary>
/// <param name="Epoch">The attempt that committed it.</param>
/// <param name="Kind">One of the kinds of <see cref="RecordKinds"/>.</param>
/// <param name="Content">What the model was told.</param>
internal sealed record CommittedOutcome(int Epoch, string Kind, string Content);
