namespace AgentRunner.Loop;

/// <summary>Ask the model.</summary>
/// <param name="Ordinal">Which model call of the run this is, from 1.</param>
/// <param name="StepKey">The call's identity.</param>
internal sealed record CallModel(int Ordinal, string StepKey) : NextAction;
