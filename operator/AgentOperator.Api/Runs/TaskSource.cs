namespace AgentOperator.Api;

/// <summary>Where to read a task from.</summary>
public sealed record TaskSource
{
    /// <summary>A key of a ConfigMap in the run's namespace. It is read once, when the run starts.</summary>
    public required ConfigMapKeyReference ConfigMapKeyRef { get; init; }
}
