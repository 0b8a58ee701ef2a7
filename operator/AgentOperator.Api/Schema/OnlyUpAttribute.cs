namespace AgentOperator.Api.Schema;

/// <summary>The number may grow after creation and never shrink. Absent means no limit, so removing it is growth.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnlyUpAttribute : Attribute;
