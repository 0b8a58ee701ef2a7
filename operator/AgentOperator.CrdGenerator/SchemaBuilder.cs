using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Api;
using AgentOperator.Api.Schema;

namespace AgentOperator.CrdGenerator;

/// <summary>
/// Builds a type's structural schema from its JSON contract. Defaults come from initializers, descriptions from XML summaries, and
/// bounds from attributes. A string, list or map without a maximum length is an error: the API server could not estimate the cost of
/// CEL rules.
/// </summary>
internal sealed class SchemaBuilder(XmlDocumentation documentation)
{
    /// <summary>The schema of a whole resource.</summary>
    public Dictionary<string, object> BuildRoot(Type type)
    {
        var properties = new Dictionary<string, object>
        {
            ["apiVersion"] = new Dictionary<string, object> { ["type"] = "string" },
            ["kind"] = new Dictionary<string, object> { ["type"] = "string" },
            ["metadata"] = Metadata(type),
        };
        var required = new List<object>();
        foreach (var property in ApiJson.Options.GetTypeInfo(type).Properties.Where(property => !properties.ContainsKey(property.Name)))
        {
            // Status fields have no defaults: a default would look like an observation.
            properties[property.Name] = Property(property, owner: null, withDefaults: property.Name == "spec", [type]);
            if (property.IsRequired)
            {
                required.Add(property.Name);
            }
        }

        var schema = new Dictionary<string, object>
        {
            ["description"] = documentation.Of(type),
            ["type"] = "object",
            ["properties"] = properties,
        };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    /// <summary>A schema can restrict only the name in metadata.</summary>
    private static Dictionary<string, object> Metadata(Type type)
    {
        var schema = new Dictionary<string, object> { ["type"] = "object" };
        if (type.GetCustomAttribute<ObjectNameAttribute>() is { } name)
        {
            schema["properties"] = new Dictionary<string, object>
            {
                ["name"] = new Dictionary<string, object> { ["type"] = "string", ["maxLength"] = name.MaxLength, ["pattern"] = name.Pattern },
            };
        }

        return schema;
    }

    private Dictionary<string, object> Property(JsonPropertyInfo property, object? owner, bool withDefaults, IReadOnlyList<Type> path)
    {
        var member = (PropertyInfo)property.AttributeProvider!;
        var schema = new Dictionary<string, object> { ["description"] = documentation.Of(member) };
        if (withDefaults && owner is not null && DefaultOf(property, owner) is { } value)
        {
            schema["default"] = value;
        }

        Fill(schema, property.PropertyType, member, withDefaults, path);
        AddRules(schema, SchemaRules.OfProperty(property, member));
        return schema;
    }

    private void Fill(Dictionary<string, object> schema, Type declared, PropertyInfo member, bool withDefaults, IReadOnlyList<Type> path)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (ScalarSchema.TryFill(schema, type, member))
        {
            return;
        }

        if (type == typeof(JsonElement))
        {
            FillAny(schema);
            return;
        }

        var contract = ApiJson.Options.GetTypeInfo(type);
        switch (contract.Kind)
        {
            case JsonTypeInfoKind.Object:
                FillObject(schema, contract, withDefaults, path);
                break;
            case JsonTypeInfoKind.Enumerable:
                FillList(schema, contract.ElementType!, member, withDefaults, path);
                break;
            case JsonTypeInfoKind.Dictionary:
                schema["type"] = "object";
                schema["maxProperties"] = ScalarSchema.RequiredMaxLength(member);
                if (contract.ElementType == typeof(JsonElement))
                {
                    schema["x-kubernetes-preserve-unknown-fields"] = true;
                }
                else
                {
                    schema["additionalProperties"] = ScalarSchema.Item(member);
                }

                break;
            default:
                throw new InvalidOperationException($"{member.DeclaringType!.Name}.{member.Name}: {type.Name} has no schema.");
        }
    }

    private void FillObject(Dictionary<string, object> schema, JsonTypeInfo contract, bool withDefaults, IReadOnlyList<Type> path)
    {
        if (path.Contains(contract.Type))
        {
            throw new InvalidOperationException($"{contract.Type.Name} is recursive; a structural schema cannot express that.");
        }

        // Initializers are the defaults. Required members have none and stay null here.
        var prototype = withDefaults ? Activator.CreateInstance(contract.Type) : null;
        var properties = new Dictionary<string, object>();
        foreach (var property in contract.Properties)
        {
            properties[property.Name] = Property(property, prototype, withDefaults, [.. path, contract.Type]);
        }

        schema["type"] = "object";
        schema["properties"] = properties;
        var required = contract.Properties.Where(property => property.IsRequired).Select(object (property) => property.Name).ToList();
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        AddRules(schema, SchemaRules.OfType(contract.Type));
        AddRules(schema, contract.Properties.SelectMany(property => SchemaRules.OfParent(property, (PropertyInfo)property.AttributeProvider!)));
    }

    private void FillList(Dictionary<string, object> schema, Type element, PropertyInfo member, bool withDefaults, IReadOnlyList<Type> path)
    {
        var items = new Dictionary<string, object>();
        if (element == typeof(string) || element == typeof(byte[]))
        {
            items = ScalarSchema.Item(member);
        }
        else if (element == typeof(JsonElement))
        {
            FillAny(items);
        }
        else
        {
            FillObject(items, ApiJson.Options.GetTypeInfo(element), withDefaults, path);
        }

        schema["type"] = "array";
        schema["maxItems"] = ScalarSchema.RequiredMaxLength(member);
        if (member.GetCustomAttribute<ListMapAttribute>() is { } map)
        {
            schema["x-kubernetes-list-type"] = "map";
            schema["x-kubernetes-list-map-keys"] = new List<object> { map.Key };
        }
        else
        {
            schema["x-kubernetes-list-type"] = "atomic";
        }

        schema["items"] = items;
    }

    /// <summary>An object that is passed on as it is.</summary>
    private static void FillAny(Dictionary<string, object> schema)
    {
        schema["type"] = "object";
        schema["x-kubernetes-preserve-unknown-fields"] = true;
    }

    private static object? DefaultOf(JsonPropertyInfo property, object owner)
    {
        if (property.IsRequired || property.Get!(owner) is not { } value)
        {
            return null;
        }

        var node = JsonSerializer.SerializeToElement(value, property.PropertyType, ApiJson.Options);
        return node.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => node.GetInt64(),
            JsonValueKind.String => node.GetString(),
            // An empty object is enough: the API server applies the defaults inside it.
            JsonValueKind.Object when ApiJson.Options.GetTypeInfo(property.PropertyType).Kind == JsonTypeInfoKind.Object =>
                new Dictionary<string, object>(),
            _ => null,
        };
    }

    private static void AddRules(Dictionary<string, object> schema, IEnumerable<Dictionary<string, object>> rules)
    {
        var added = rules.Cast<object>().ToList();
        if (added.Count == 0)
        {
            return;
        }

        if (schema.TryGetValue(SchemaRules.Key, out var present))
        {
            ((List<object>)present).AddRange(added);
        }
        else
        {
            schema[SchemaRules.Key] = added;
        }
    }
}
