using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.Api;

/// <summary>
/// JSON of the custom resources: camelCase names, nulls left out, enums as their names, times in UTC with all their digits.
/// Built on reflection because generated metadata gives an absent init-only property the default of its type and not of its
/// initialiser, and every default of the specs is such an initialiser.
/// </summary>
public static class ApiJson
{
    /// <summary>The options; read-only.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>The metadata of one type under <see cref="Options"/>.</summary>
    public static JsonTypeInfo<T> TypeInfo<T>() => (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.Strict,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { KeepDefaultForNull } },
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new UtcTimeConverter());
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A null where there must be a value is as if nothing were written, as the API server has it: the initialiser's value stays.</summary>
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
