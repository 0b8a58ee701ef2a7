namespace AgentOperator.Api.Schema;

/// <summary>The property cannot be set, changed or removed after creation.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ImmutableAttribute : Attribute;
