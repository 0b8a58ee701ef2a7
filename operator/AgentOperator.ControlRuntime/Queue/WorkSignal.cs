namespace AgentOperator.ControlRuntime;

/// <summary>Wakes workers on the thread pool.</summary>
internal sealed class WorkSignal() : SemaphoreSlim(0), IWorkSignal;
