namespace AgentOperator.Api.Schema;

/// <summary>Bounds of the strings in a list, or of the values of a map.</summary>
/// <param name="maxLength">The maximum length of an item, in characters.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ItemsAttribute(int maxLength) : Attribute
{
    /// <summary>The maximum length of an item, in characters.</summary>
    public int MaxLength { get; } = maxLength;

    /// <summary>A pattern that each item must match; null for none.</summary>
    public string? Pattern { get; init; }
}
