namespace AgentOperator.Api;

/// <summary>CPU, memory and disk of a run's pods.</summary>
public sealed record ResourcesSpec
{
    /// <summary>Resources that the scheduler reserves. No request can exceed its limit.</summary>
    public ResourceRequests Requests { get; init; } = new();

    /// <summary>The pod's limits. Exceeding the memory limit kills the pod; the next one can get more, see recovery.outOfMemory.</summary>
    public ResourceLimits Limits { get; init; } = new();
}
