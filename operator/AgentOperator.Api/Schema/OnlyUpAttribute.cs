namespace AgentOperator.Api.Schema;

/// <summary>The number can be raised after creation, but not lowered. Absent means no limit, so removing it raises it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OnlyUpAttribute : Attribute;
