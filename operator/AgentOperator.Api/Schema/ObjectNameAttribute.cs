namespace AgentOperator.Api.Schema;

/// <summary>What names of objects of the kind must be, beyond what Kubernetes itself asks.</summary>
/// <param name="maxLength">The longest name, in characters.</param>
/// <param name="pattern">What it must match.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ObjectNameAttribute(int maxLength, string pattern) : Attribute
{
    /// <summary>The longest name, in characters.</summary>
    public int MaxLength { get; } = maxLength;

    /// <summary>What it must match.</summary>
    public string Pattern { get; } = pattern;
}
