using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using AgentOperator.Api.Schema;

namespace AgentOperator.CrdGenerator;

/// <summary>Builds the schemas of numbers, strings, times and enums.</summary>
internal static class ScalarSchema
{
    /// <summary>Fills in the schema of a scalar; false if the type is not a scalar.</summary>
    public static bool TryFill(Dictionary<string, object> schema, Type type, PropertyInfo member)
    {
        if (type == typeof(bool))
        {
            schema["type"] = "boolean";
        }
        else if (type == typeof(int) || type == typeof(long))
        {
            schema["type"] = "integer";
            schema["format"] = type == typeof(int) ? "int32" : "int64";
            AddRange(schema, member);
        }
        else if (type == typeof(DateTimeOffset))
        {
            schema["type"] = "string";
            schema["format"] = "date-time";
        }
        else if (type.IsEnum)
        {
            schema["type"] = "string";
            schema["enum"] = Enum.GetNames(type).Cast<object>().ToList();
        }
        else if (type == typeof(string))
        {
            AddString(schema, member);
        }
        else
        {
            return false;
        }

        return true;
    }

    /// <summary>
    /// The schema of the strings in a list or map. Byte arrays get no "byte" format: the API server would match them against a regular expression on
    /// every write, which takes an eighth of the time of an append.
    /// </summary>
    public static Dictionary<string, object> Item(PropertyInfo member)
    {
        var bounds = member.GetCustomAttribute<ItemsAttribute>()
            ?? throw new InvalidOperationException($"{member.DeclaringType!.Name}.{member.Name} has no [Items].");
        var schema = new Dictionary<string, object> { ["type"] = "string", ["maxLength"] = bounds.MaxLength };
        if (bounds.Pattern is not null)
        {
            schema["pattern"] = bounds.Pattern;
        }

        return schema;
    }

    /// <summary>The maximum length of a list, map or string.</summary>
    public static int RequiredMaxLength(PropertyInfo member) =>
        member.GetCustomAttribute<MaxLengthAttribute>()?.Length
        ?? throw new InvalidOperationException($"{member.DeclaringType!.Name}.{member.Name} has no [MaxLength].");

    private static void AddString(Dictionary<string, object> schema, PropertyInfo member)
    {
        if (member.GetCustomAttribute<QuantityAttribute>() is not null)
        {
            schema["anyOf"] = new List<object>
            {
                new Dictionary<string, object> { ["type"] = "integer" },
                new Dictionary<string, object> { ["type"] = "string" },
            };
            schema["x-kubernetes-int-or-string"] = true;
            schema["maxLength"] = QuantityAttribute.MaxLength;
            schema["pattern"] = QuantityAttribute.Pattern;
            return;
        }

        schema["type"] = "string";
        if (member.GetCustomAttribute<AllowedValuesAttribute>() is { } allowed)
        {
            schema["enum"] = allowed.Values.Select(value => value!).ToList();
            return;
        }

        schema["maxLength"] = RequiredMaxLength(member);
        if (member.GetCustomAttribute<MinLengthAttribute>() is { } min)
        {
            schema["minLength"] = min.Length;
        }

        if (member.GetCustomAttribute<RegularExpressionAttribute>() is { } pattern)
        {
            schema["pattern"] = pattern.Pattern;
        }
    }

    private static void AddRange(Dictionary<string, object> schema, PropertyInfo member)
    {
        if (member.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            schema["minimum"] = Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture);
            schema["maximum"] = Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture);
        }
    }
}
