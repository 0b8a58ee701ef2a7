namespace AgentOperator.Api;

/// <summary>What is added to a run's pods. Fields of the operator cannot be set here: they are refused by name.</summary>
public sealed record PodTemplate
{
    /// <summary>Labels and annotations of the pods.</summary>
    public PodTemplateMetadata Metadata { get; init; } = new();

    /// <summary>Scheduling, environment variables and volumes of the pods.</summary>
    public PodTemplateSpec Spec { get; init; } = new();
}
