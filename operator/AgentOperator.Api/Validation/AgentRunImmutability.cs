using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Api.Schema;
using AgentOperator.Api.Validation;

namespace AgentOperator.Api;

/// <summary>Finds forbidden changes of a spec. Same rules as in CEL, for API servers without CEL.</summary>
public static class AgentRunImmutability
{
    /// <summary>All forbidden changes between two specs; empty if the new spec may replace the old one.</summary>
    public static IReadOnlyList<FieldViolation> Compare(AgentRunSpec old, AgentRunSpec @new)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        return [.. CompareObjects(old, @new, "spec")];
    }

    /// <summary>The new spec with every forbidden change reverted.</summary>
    public static AgentRunSpec TakeBack(AgentRunSpec old, AgentRunSpec @new)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(@new);
        return (AgentRunSpec)Restore(old, @new);
    }

    private static IEnumerable<FieldViolation> CompareObjects(object old, object @new, string path)
    {
        var contract = ApiJson.Options.GetTypeInfo(old.GetType());
        var defaults = Activator.CreateInstance(contract.Type)!;
        return contract.Properties.SelectMany(property => CompareProperties(
            property.Get!(old) ?? property.Get(defaults), property.Get(@new) ?? property.Get(defaults), property, $"{path}.{property.Name}"));
    }

    private static IEnumerable<FieldViolation> CompareProperties(object? before, object? after, JsonPropertyInfo property, string path)
    {
        var member = (PropertyInfo)property.AttributeProvider!;
        if (member.Attribute<ImmutableAttribute>() is not null)
        {
            return AreEqual(before, after, property.PropertyType) ? [] : [new FieldViolation(path, "cannot change after creation")];
        }

        if (member.Attribute<OnlyUpAttribute>() is not null)
        {
            return Value(after) >= Value(before) ? [] : [new FieldViolation(path, "can be raised after creation, not lowered")];
        }

        return IsNested(property) && before is not null && after is not null ? CompareObjects(before, after, path) : [];
    }

    private static object Restore(object old, object @new)
    {
        var contract = ApiJson.Options.GetTypeInfo(@new.GetType());
        var restored = Activator.CreateInstance(contract.Type)!;
        foreach (var property in contract.Properties)
        {
            var (before, after) = (property.Get!(old), property.Get(@new));
            property.Set!(restored, IsNested(property) && !IsFixed(property) && before is not null && after is not null ? Restore(before, after)
                : CompareProperties(before, after, property, property.Name).Any() ? before
                : after);
        }

        return restored;
    }

    private static bool IsNested(JsonPropertyInfo property) => ApiJson.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Object;

    private static bool IsFixed(JsonPropertyInfo property) => ((PropertyInfo)property.AttributeProvider!).Attribute<ImmutableAttribute>() is not null;

    /// <summary>Compares the JSON, because records compare lists by reference.</summary>
    private static bool AreEqual(object? before, object? after, Type type) =>
        JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(before, type, ApiJson.Options),
            JsonSerializer.SerializeToElement(after, type, ApiJson.Options));

    /// <summary>An absent limit means unlimited.</summary>
    private static long Value(object? limit) => limit switch
    {
        int number => number,
        long number => number,
        _ => long.MaxValue,
    };
}
