using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.Api;

/// <summary>
/// JSON of the custom resources: camelCase names, nulls omitted, enums as strings, times in UTC with full precision.
/// Uses reflection because source-generated metadata ignores the initializers of absent init-only properties, and the specs'
/// defaults are such initializers.
/// </summary>
public static class ApiJson
{
    /// <summary>
    /// The deepest nesting that can be read: as deep as the API server takes. An object that cannot be read gets no condition that says why.
    /// </summary>
    public const int MaxDepth = 10_000;

    /// <summary>The options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The JSON metadata of a type under <see cref="Options"/>.</summary>
    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            MaxDepth = MaxDepth,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepDefaultForNull } },
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new UtcTimeConverter());
        options.MakeReadOnly();
        return options;
    }

    /// <summary>Treats null as absent for non-nullable properties, as the API server does: the initializer's value stays.</summary>
    private static void KeepDefaultForNull(JsonTypeInfo contract)
    {
        foreach (var property in contract.Properties.Where(property => !property.IsRequired && !property.IsSetNullable))
        {
            if (!property.PropertyType.IsValueType && property.Set is { } set)
            {
                property.Set = (owner, value) =>
                {
                    if (value is not null)
                    {
                        set(owner, value);
                    }
                };
            }
        }
    }
}
