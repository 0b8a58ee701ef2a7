namespace AgentRunner.Tests.Fakes;

/// <summary>A model request that was sampled, that is, paid.</summary>
/// <param name="Step">Which step it asks for, from 0.</param>
/// <param name="StepKey">Its idempotency key.</param>
/// <param name="Body">Its exact bytes as text.</param>
/// <param name="Epoch">The attempt that sent it.</param>
internal sealed record ModelRequest(int Step, string StepKey, string Body, int Epoch);
