using System.Text.Json;

namespace AgentOperator.Api.Validation;

/// <summary>How deep JSON is nested. Readers of JSON give up beyond some depth, most of them at 64 levels.</summary>
public static class JsonNesting
{
    /// <summary>The deepest nesting of JSON that is passed on. What it becomes part of has levels of its own.</summary>
    public const int Max = 32;

    /// <summary>Whether a value has at most <see cref="Max"/> levels.</summary>
    public static bool IsShallow(this JsonElement value) => IsWithin(value, Max);

    private static bool IsWithin(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.Array => levels > 0 && value.EnumerateArray().All(item => IsWithin(item, levels - 1)),
        JsonValueKind.Object => levels > 0 && value.EnumerateObject().All(field => IsWithin(field.Value, levels - 1)),
        _ => true,
    };
}
