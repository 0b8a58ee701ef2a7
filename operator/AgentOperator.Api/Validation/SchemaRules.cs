using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AgentOperator.Api.Validation;

/// <summary>
/// Checks values against the same attributes that the CustomResourceDefinition's schema is generated from. Needed for API servers that do
/// not support every rule, and for objects stored before a rule existed.
/// </summary>
internal static class SchemaRules
{
    /// <summary>The message for a missing value.</summary>
    public const string Missing = "is required";

    /// <summary>All violations of an object and everything in it.</summary>
    public static IEnumerable<FieldViolation> Check(object value, string path) =>
        ApiJson.Options.GetTypeInfo(value.GetType()).Properties.SelectMany(property => CheckProperty(value, property, $"{path}.{property.Name}"));

    private static IEnumerable<FieldViolation> CheckProperty(object owner, JsonPropertyInfo property, string path)
    {
        var member = (PropertyInfo)property.AttributeProvider!;
        return property.Get!(owner) switch
        {
            null => property.IsRequired || !property.IsGetNullable ? [new FieldViolation(path, Missing)] : [],
            string text => TextRules.Check(text, member, path),
            Enum choice => CheckChoice(choice, path),
            bool => [],
            int or long => CheckNumber(Convert.ToInt64(property.Get(owner), CultureInfo.InvariantCulture), member, path),
            IReadOnlyDictionary<string, string> map => CollectionRules.CheckMap(map, member, path),
            IReadOnlyDictionary<string, JsonElement> map => CollectionRules.CheckCount(map.Count, member, path),
            IEnumerable list => CollectionRules.CheckList([.. list.Cast<object?>()], member, path),
            { } nested => Check(nested, path),
        };
    }

    private static IEnumerable<FieldViolation> CheckChoice(Enum choice, string path)
    {
        if (!Enum.IsDefined(choice.GetType(), choice))
        {
            yield return new FieldViolation(path, $"must be one of {string.Join(", ", Enum.GetNames(choice.GetType()))}");
        }
    }

    private static IEnumerable<FieldViolation> CheckNumber(long number, PropertyInfo member, string path)
    {
        if (member.Attribute<System.ComponentModel.DataAnnotations.RangeAttribute>() is not { } range)
        {
            yield break;
        }

        var minimum = Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture);
        var maximum = Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture);
        if (number < minimum || number > maximum)
        {
            yield return new FieldViolation(
                path, string.Create(CultureInfo.InvariantCulture, $"must be between {minimum} and {maximum}, not {number}"));
        }
    }
}
