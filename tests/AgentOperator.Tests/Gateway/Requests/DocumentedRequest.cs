using System.Text.Json.Nodes;

namespace AgentOperator.Tests.Gateway;

/// <summary>A POST request of the protocol.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Schema">The schema of its body.</param>
/// <param name="Example">A body that is valid for a run of which nothing but the first attempt's claim is committed.</param>
internal sealed record DocumentedRequest(string Path, JsonObject Schema, JsonObject Example)
{
    public override string ToString() => Path;

    /// <summary>Bodies that are valid but for one mistake, and the field that each is about.</summary>
    public IEnumerable<(string Field, string Mistake, JsonNode? Body)> Mistakes() => In(Schema, Example, "the body", body => body);

    private static IEnumerable<(string, string, JsonNode?)> In(JsonObject reference, JsonNode value, string field, Func<JsonNode?, JsonNode?> put)
    {
        var schema = OpenApiDocument.Resolve(reference, value);
        var type = (string?)schema["type"];
        foreach (var other in (JsonNode?[])[null, "text", 7, -7.5, true, new JsonArray(), new JsonArray(1), new JsonObject()])
        {
            if (!IsOfType(other, type))
            {
                yield return (field, $"is {other?.ToJsonString() ?? "null"}", put(other?.DeepClone()));
            }
        }

        var within = type switch
        {
            "object" => InObject(schema, value.AsObject(), field, put),
            "array" => InArray(schema, value.AsArray(), field, put),
            "string" => InText(schema, field, put),
            "integer" => schema["minimum"] is { } minimum ? [(field, "is too small", put((long)minimum - 1))] : [],
            _ => throw new InvalidOperationException($"{field}: the schema has the type {type}"),
        };
        foreach (var mistake in within)
        {
            yield return mistake;
        }
    }

    private static IEnumerable<(string, string, JsonNode?)> InObject(
        JsonObject schema, JsonObject value, string field, Func<JsonNode?, JsonNode?> put)
    {
        foreach (var name in (schema["required"]?.AsArray() ?? []).Select(name => (string)name!))
        {
            var without = value.DeepClone().AsObject();
            without.Remove(name);
            yield return (name, $"is missing in {field}", put(without));
        }

        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
        {
            if (value[name] is not { } present)
            {
                continue;
            }

            foreach (var mistake in In(property!.AsObject(), present, name, changed =>
            {
                var with = value.DeepClone().AsObject();
                with[name] = changed;
                return put(with);
            }))
            {
                // A field that may be missing may be null as well.
                var isOptional = schema["required"]?.AsArray().Any(required => (string?)required == name) != true;
                if (!isOptional || mistake is not (var about, "is null", _) || about != name)
                {
                    yield return mistake;
                }
            }
        }
    }

    private static IEnumerable<(string, string, JsonNode?)> InArray(
        JsonObject schema, JsonArray value, string field, Func<JsonNode?, JsonNode?> put)
    {
        if (schema["minItems"] is { } least)
        {
            yield return (field, "has too few items", put(new JsonArray([.. value.Take((int)least - 1).Select(item => item!.DeepClone())])));
        }

        if (schema["maxItems"] is { } most)
        {
            var many = Enumerable.Range(0, (int)most + 1).Select(index => value[index % value.Count]!.DeepClone());
            yield return (field, "has too many items", put(new JsonArray([.. many])));
        }

        for (var index = 0; schema["items"] is JsonObject items && index < value.Count; index++)
        {
            var at = index;
            foreach (var mistake in In(items, value[at]!, $"[{at}]", changed =>
            {
                var with = value.DeepClone().AsArray();
                with[at] = changed;
                return put(with);
            }))
            {
                yield return mistake;
            }
        }
    }

    private static IEnumerable<(string, string, JsonNode?)> InText(JsonObject schema, string field, Func<JsonNode?, JsonNode?> put)
    {
        if (schema["enum"] is not null)
        {
            yield return (field, "is none of the values", put("Odd"));
        }

        if (schema["minLength"] is not null)
        {
            yield return (field, "is empty", put(""));
        }

        if (schema["maxLength"] is { } most)
        {
            yield return (field, "is too long", put(new string('x', (int)most + 1)));
        }
    }

    private static bool IsOfType(JsonNode? value, string? type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.TryGetValue<string>(out _),
        "integer" => value is JsonValue number && number.TryGetValue<int>(out _),
        _ => false,
    };
}
