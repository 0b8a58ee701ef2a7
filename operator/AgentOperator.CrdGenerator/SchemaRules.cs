using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Api.Schema;

namespace AgentOperator.CrdGenerator;

/// <summary>Builds the CEL rules of types and properties.</summary>
internal static class SchemaRules
{
    public const string Key = "x-kubernetes-validations";

    public static IEnumerable<Dictionary<string, object>> OfType(Type type) => type.GetCustomAttributes<ValidationRuleAttribute>().Select(Rule);

    /// <summary>Rules of a property. Includes transition rules if the property is always present.</summary>
    public static IEnumerable<Dictionary<string, object>> OfProperty(JsonPropertyInfo property, PropertyInfo member)
    {
        foreach (var rule in member.GetCustomAttributes<ValidationRuleAttribute>())
        {
            yield return Rule(rule);
        }

        if (member.GetCustomAttribute<FormatAttribute>() is { } format)
        {
            yield return Rule($"self.matches(r'{format.Pattern}')", format.Message, path: null);
        }

        if (!IsAlwaysThere(property))
        {
            yield break;
        }

        if (member.GetCustomAttribute<ImmutableAttribute>() is not null)
        {
            yield return Rule("self == oldSelf", Immutable(property), path: null);
        }

        if (member.GetCustomAttribute<OnlyUpAttribute>() is not null)
        {
            yield return Rule("self >= oldSelf", OnlyUp(property), path: null);
        }
    }

    /// <summary>
    /// Transition rules of an optional property, placed on its parent. A rule on the property itself is not evaluated when the
    /// value is added or removed. A property with a default cannot be removed where the server fills in the default. The parent has
    /// the rule anyway, because every rule inside the property depends on it.
    /// </summary>
    public static IEnumerable<Dictionary<string, object>> OfParent(JsonPropertyInfo property, PropertyInfo member)
    {
        var name = property.Name;
        if (IsAlwaysThere(property))
        {
            if (!property.IsRequired && HoldsTransitionRules(property.PropertyType, member))
            {
                yield return Rule($"has(self.{name}) || !has(oldSelf.{name})", $"{name} cannot be removed after creation", $".{name}");
            }

            yield break;
        }

        if (member.GetCustomAttribute<ImmutableAttribute>() is not null)
        {
            yield return Rule(
                $"has(self.{name}) == has(oldSelf.{name}) && (!has(self.{name}) || self.{name} == oldSelf.{name})", Immutable(property), $".{name}");
        }

        if (member.GetCustomAttribute<OnlyUpAttribute>() is not null)
        {
            yield return Rule(
                $"!has(self.{name}) || (has(oldSelf.{name}) && self.{name} >= oldSelf.{name})", OnlyUp(property), $".{name}");
        }
    }

    private static bool HoldsTransitionRules(Type type, PropertyInfo member) =>
        member.GetCustomAttribute<ImmutableAttribute>() is not null
        || member.GetCustomAttribute<OnlyUpAttribute>() is not null
        || (Api.ApiJson.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } contract
            && contract.Properties.Any(inner => HoldsTransitionRules(inner.PropertyType, (PropertyInfo)inner.AttributeProvider!)));

    /// <summary>Whether the property is required or has a default, so that it is always present.</summary>
    private static bool IsAlwaysThere(JsonPropertyInfo property)
    {
        if (property.IsRequired)
        {
            return true;
        }

        var kind = Api.ApiJson.Options.GetTypeInfo(property.PropertyType).Kind;
        var isCollection = kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary;
        return !isCollection && !property.IsGetNullable && Nullable.GetUnderlyingType(property.PropertyType) is null;
    }

    private static string Immutable(JsonPropertyInfo property) => $"{property.Name} cannot change after creation";

    private static string OnlyUp(JsonPropertyInfo property) => $"{property.Name} can be raised after creation, not lowered";

    private static Dictionary<string, object> Rule(ValidationRuleAttribute rule) => Rule(rule.Rule, rule.Message, rule.FieldPath);

    private static Dictionary<string, object> Rule(string rule, string message, string? path)
    {
        var entry = new Dictionary<string, object> { ["rule"] = rule, ["message"] = message };
        if (path is not null)
        {
            entry["fieldPath"] = path;
        }

        return entry;
    }
}
