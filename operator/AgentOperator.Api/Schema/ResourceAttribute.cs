namespace AgentOperator.Api.Schema;

/// <summary>What a CustomResourceDefinition says besides the schema.</summary>
/// <param name="shortName">What <c>kubectl get</c> takes instead of the plural.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ResourceAttribute(string shortName) : Attribute
{
    /// <summary>What <c>kubectl get</c> takes instead of the plural.</summary>
    public string ShortName { get; } = shortName;

    /// <summary>The group of resources that it is listed with; null for none.</summary>
    public string? Category { get; init; }
}
