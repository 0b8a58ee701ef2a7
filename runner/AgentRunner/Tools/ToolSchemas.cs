using System.Text.Json;

namespace AgentRunner.Tools;

/// <summary>Compares JSON schemas of arguments.</summary>
internal static class ToolSchemas
{
    /// <summary>
    /// Whether two schemas take the same arguments, as far as can be told without understanding them: the order of properties and of alternatives
    /// does not matter, nor do texts for readers.
    /// </summary>
    /// <param name="left">A schema; undefined for one that cannot be read.</param>
    /// <param name="right">Another.</param>
    public static bool AreSame(JsonElement left, JsonElement right)
    {
        if (left.ValueKind != right.ValueKind)
        {
            return false;
        }

        return left.ValueKind switch
        {
            JsonValueKind.Undefined => true,
            JsonValueKind.Object => AreSameObjects(left, right),
            JsonValueKind.Array => left.GetArrayLength() == right.GetArrayLength() && left.EnumerateArray().Zip(right.EnumerateArray()).All(
                pair => AreSame(pair.First, pair.Second)),
            _ => JsonElement.DeepEquals(left, right),
        };
    }

    private static bool AreSameObjects(JsonElement left, JsonElement right)
    {
        var (had, has) = (Keywords(left), Keywords(right));
        return had.Count == has.Count && had.All(keyword => has.TryGetValue(keyword.Key, out var other) && (
            IsSet(keyword.Key, keyword.Value) && IsSet(keyword.Key, other) ? AreSameSets(keyword.Value, other)
            : IsValue(keyword.Key) ? JsonElement.DeepEquals(keyword.Value, other)
            : AreSame(keyword.Value, other)));
    }

    private static bool AreSameSets(JsonElement left, JsonElement right) =>
        left.GetArrayLength() == right.GetArrayLength()
        && left.EnumerateArray().All(item => right.EnumerateArray().Any(other => JsonElement.DeepEquals(item, other)))
        && right.EnumerateArray().All(item => left.EnumerateArray().Any(other => JsonElement.DeepEquals(item, other)));

    private static Dictionary<string, JsonElement> Keywords(JsonElement schema)
    {
        var keywords = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in schema.EnumerateObject().Where(property => !IsText(property)))
        {
            keywords[property.Name] = property.Value;
        }

        return keywords;
    }

    /// <summary>An argument may be named so as well. What describes it is neither a string nor a list.</summary>
    private static bool IsText(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => property.Name is "title" or "description" or "$comment" or "$schema",
        JsonValueKind.Array => property.Name is "examples",
        _ => false,
    };

    /// <summary>Whether it is a list whose order means nothing. A server that makes it from a set may order it anew at each start.</summary>
    private static bool IsSet(string keyword, JsonElement value) =>
        keyword is "required" or "enum" or "type" && value.ValueKind == JsonValueKind.Array;

    /// <summary>What is in these is no schema.</summary>
    private static bool IsValue(string keyword) => keyword is "const" or "enum" or "default";
}
