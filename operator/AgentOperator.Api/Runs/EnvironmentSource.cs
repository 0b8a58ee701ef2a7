using AgentOperator.Api.Schema;

namespace AgentOperator.Api;

/// <summary>Where to read an environment variable from. Secrets cannot be used: a run's pod holds no credential.</summary>
[ValidationRule("has(self.configMapKeyRef)", "configMapKeyRef is required; a run's pod holds no Secret", FieldPath = ".configMapKeyRef")]
public sealed record EnvironmentSource
{
    /// <summary>A key of a ConfigMap in the run's namespace. Required.</summary>
    public ConfigMapKeyReference? ConfigMapKeyRef { get; init; }
}
