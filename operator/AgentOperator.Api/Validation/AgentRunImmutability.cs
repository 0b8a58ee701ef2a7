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

    private static IEnumerable<FieldViolation> CompareObjects(object old, object @new, string path) =>
        ApiJson.Options.GetTypeInfo(old.GetType()).Properties
            .SelectMany(property => CompareProperties(old, @new, property, $"{path}.{property.Name}"));

    private static IEnumerable<FieldViolation> CompareProperties(object old, object @new, JsonPropertyInfo property, string path)
    {
        var (before, after) = (property.Get!(old), property.Get(@new));
        var member = (PropertyInfo)property.AttributeProvider!;
        if (member.Attribute<ImmutableAttribute>() is not null)
        {
            return AreEqual(before, after, property.PropertyType) ? [] : [new FieldViolation(path, "cannot change after creation")];
        }

        if (member.Attribute<OnlyUpAttribute>() is not null)
        {
            return Value(after) >= Value(before) ? [] : [new FieldViolation(path, "can be raised after creation, not lowered")];
        }

        var isNested = ApiJson.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Object;
        return isNested && before is not null && after is not null ? CompareObjects(before, after, path) : [];
    }

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
