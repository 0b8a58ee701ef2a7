using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Api.Schema;
using AgentOperator.Api.Validation;

namespace AgentOperator.Api;

/// <summary>What cannot change in a spec after creation, as the CEL rules say it, for servers that do not know those.</summary>
public static class AgentRunImmutability
{
    /// <summary>Every change between two specs that is not allowed; empty when the new one may take the old one's place.</summary>
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

    /// <summary>By what is written, since records compare their lists by reference.</summary>
    private static bool AreEqual(object? before, object? after, Type type) =>
        JsonElement.DeepEquals(
            JsonSerializer.SerializeToElement(before, type, ApiJson.Options),
            JsonSerializer.SerializeToElement(after, type, ApiJson.Options));

    /// <summary>Absent is no limit, more than any number.</summary>
    private static long Value(object? limit) => limit switch
    {
        int number => number,
        long number => number,
        _ => long.MaxValue,
    };
}
