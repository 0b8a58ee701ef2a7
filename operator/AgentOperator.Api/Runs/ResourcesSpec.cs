namespace AgentOperator.Api;

/// <summary>CPU, memory and disk of a run's pods.</summary>
public sealed record ResourcesSpec
{
    /// <summary>What the scheduler sets aside. Each one must be within its limit.</summary>
    public ResourceRequests Requests { get; init; } = new();

    /// <summary>What a pod may use at most. More memory than its limit kills the pod; the next one may get more, see recovery.outOfMemory.</summary>
    public ResourceLimits Limits { get; init; } = new();
}
