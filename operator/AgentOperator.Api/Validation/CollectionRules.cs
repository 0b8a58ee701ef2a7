using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using AgentOperator.Api.Schema;

namespace AgentOperator.Api.Validation;

/// <summary>Validates lists and maps.</summary>
internal static class CollectionRules
{
    public static IEnumerable<FieldViolation> CheckList(IReadOnlyList<object?> list, PropertyInfo member, string path)
    {
        var violations = CheckCount(list.Count, member, path);
        var items = member.Attribute<ItemsAttribute>();
        violations = violations.Concat(list.SelectMany((item, index) => CheckItem(item, items, At(path, index))));
        return member.Attribute<ListMapAttribute>() is { } map ? violations.Concat(CheckKeys(list, map.Key, path)) : violations;
    }

    public static IEnumerable<FieldViolation> CheckMap(IReadOnlyDictionary<string, string> map, PropertyInfo member, string path)
    {
        var items = member.Attribute<ItemsAttribute>();
        return CheckCount(map.Count, member, path).Concat(map.SelectMany(entry => CheckItem(entry.Value, items, $"{path}[{entry.Key}]")));
    }

    public static IEnumerable<FieldViolation> CheckCount(int count, PropertyInfo member, string path)
    {
        if (member.Attribute<MaxLengthAttribute>() is { } max && count > max.Length)
        {
            yield return new FieldViolation(
                path, string.Create(CultureInfo.InvariantCulture, $"must have at most {max.Length} entries, not {count}"));
        }
    }

    private static IEnumerable<FieldViolation> CheckItem(object? item, ItemsAttribute? bounds, string path) => item switch
    {
        null => [new FieldViolation(path, SchemaRules.Missing)],
        string text when bounds is not null => TextRules.Check(text, path, 0, bounds.MaxLength, bounds.Pattern),
        string or byte[] => [],
        _ => SchemaRules.Check(item, path),
    };

    private static IEnumerable<FieldViolation> CheckKeys(IReadOnlyList<object?> list, string key, string path)
    {
        var seen = new Dictionary<object, int>();
        for (var index = 0; index < list.Count; index++)
        {
            if (list[index] is not { } item || KeyOf(item, key) is not { } value)
            {
                continue;
            }

            if (!seen.TryAdd(value, index))
            {
                yield return new FieldViolation($"{At(path, index)}.{key}", $"'{value}' is already used by {At(path, seen[value])}");
            }
        }
    }

    private static object? KeyOf(object item, string key) =>
        ApiJson.Options.GetTypeInfo(item.GetType()).Properties.First(property => property.Name == key).Get!(item);

    private static string At(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
