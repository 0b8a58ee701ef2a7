namespace AgentOperator.Api;

/// <summary>Where a task is written.</summary>
public sealed record TaskSource
{
    /// <summary>A key of a ConfigMap in the run's namespace. It is read once, when the run starts.</summary>
    public required ConfigMapKeyReference ConfigMapKeyRef { get; init; }
}
