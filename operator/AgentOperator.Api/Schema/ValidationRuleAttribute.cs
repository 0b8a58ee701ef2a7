namespace AgentOperator.Api.Schema;

/// <summary>A CEL rule (<c>x-kubernetes-validations</c>) on a property, or on every use of a type.</summary>
/// <param name="rule">The CEL expression that must be true.</param>
/// <param name="message">The error message if it is false.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Property, AllowMultiple = true)]
public sealed class ValidationRuleAttribute(string rule, string message) : Attribute
{
    /// <summary>The CEL expression that must be true.</summary>
    public string Rule { get; } = rule;

    /// <summary>The error message if it is false.</summary>
    public string Message { get; } = message;

    /// <summary>The field to report, relative to where the rule is declared, such as <c>.maxSteps</c>; null for that place itself.</summary>
    public string? FieldPath { get; init; }
}
