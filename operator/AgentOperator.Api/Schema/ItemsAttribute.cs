namespace AgentOperator.Api.Schema;

/// <summary>Bounds of the strings in a list, or of the values of a map.</summary>
/// <param name="maxLength">The longest item, in characters.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute(int maxLength) : Attribute
{
    /// <summary>The longest item, in characters.</summary>
    public int MaxLength { get; } = maxLength;

    /// <summary>What each item must match; null for anything.</summary>
    public string? Pattern { get; init; }
}
