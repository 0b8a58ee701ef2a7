namespace AgentOperator.Api.Schema;

/// <summary>The string is a Kubernetes quantity such as <c>500m</c> or <c>512Mi</c>; a plain number is read too.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuantityAttribute : Attribute;
