namespace AgentOperator.Api.Schema;

/// <summary>Names in a CustomResourceDefinition, apart from its schema.</summary>
/// <param name="shortName">The short name for <c>kubectl get</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceAttribute(string shortName) : Attribute
{
    /// <summary>The short name for <c>kubectl get</c>.</summary>
    public string ShortName { get; } = shortName;

    /// <summary>The category that the resource belongs to; null for none.</summary>
    public string? Category { get; init; }
}
