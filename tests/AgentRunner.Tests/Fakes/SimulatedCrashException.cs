namespace AgentRunner.Tests.Fakes;

/// <summary>The process is gone: nothing that the runner does may catch this and go on.</summary>
internal sealed class SimulatedCrashException() : Exception("the process was killed");
