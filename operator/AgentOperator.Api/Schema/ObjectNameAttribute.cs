namespace AgentOperator.Api.Schema;

/// <summary>Restricts the names of the kind's objects further than Kubernetes does.</summary>
/// <param name="maxLength">The maximum length of a name, in characters.</param>
/// <param name="pattern">The pattern that a name must match.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ObjectNameAttribute(int maxLength, string pattern) : Attribute
{
    /// <summary>The maximum length of a name, in characters.</summary>
    public int MaxLength { get; } = maxLength;

    /// <summary>The pattern that a name must match.</summary>
    public string Pattern { get; } = pattern;
}
