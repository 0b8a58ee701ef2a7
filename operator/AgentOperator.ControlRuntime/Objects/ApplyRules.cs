using System.Text.Json;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// What a document for server-side apply must have and must not have. Refused before it is sent: the server would take some of these mistakes.
/// </summary>
internal static class ApplyRules
{
    public static void CheckObject(ResourceDefinition definition, ObjectKey key, JsonElement document)
    {
        Check(definition, key, document);
        Require(IsAbsent(document, "status"), "status must be absent");
    }

    public static void CheckStatus(ResourceDefinition definition, ObjectKey key, JsonElement document)
    {
        Check(definition, key, document);
        Require(Member(document, "status").ValueKind == JsonValueKind.Object, "status must be there");
        Require(IsAbsent(document, "spec"), "spec must be absent");
    }

    private static void Check(ResourceDefinition definition, ObjectKey key, JsonElement document)
    {
        var metadata = Member(document, "metadata");
        Require(Text(document, "apiVersion") == definition.ApiVersion, $"apiVersion must be {definition.ApiVersion}");
        Require(Text(document, "kind") == definition.Kind, $"kind must be {definition.Kind}");
        Require(Text(metadata, "name") == key.Name, $"metadata.name must be {key.Name}");
        Require(IsAbsent(metadata, "managedFields"), "metadata.managedFields must be absent");
    }

    private static bool IsAbsent(JsonElement element, string name) =>
        Member(element, name).ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static void Require(bool condition, string rule)
    {
        if (!condition)
        {
            throw new ArgumentException($"A document to apply is a small document of your own fields, not the object that was read: {rule}.");
        }
    }
}
