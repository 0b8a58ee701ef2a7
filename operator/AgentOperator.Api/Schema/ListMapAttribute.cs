namespace AgentOperator.Api.Schema;

/// <summary>The list is a map: the key property is unique among its items.</summary>
/// <param name="key">JSON name of the key property.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ListMapAttribute(string key) : Attribute
{
    /// <summary>JSON name of the key property.</summary>
    public string Key { get; } = key;
}
