using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>
/// Reads strings from JSON that other programs wrote. Such JSON may contain an escaped lone surrogate, which UTF-8 cannot
/// represent. <see cref="JsonElement.GetString"/> throws on it.
/// </summary>
public static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>The string's value, with U+FFFD in place of each lone surrogate.</summary>
    /// <param name="element">A JSON string.</param>
    public static string Read(JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException) when (element.ValueKind == JsonValueKind.String)
        {
            using var repaired = JsonDocument.Parse(ReplaceHalfPairs(element.GetRawText()));
            return repaired.RootElement.GetString() ?? "";
        }
    }

    /// <summary>The same JSON with <c>\ufffd</c> in place of each escaped lone surrogate.</summary>
    public static string ReplaceHalfPairs(string json)
    {
        var repaired = new StringBuilder(json.Length);
        for (var i = 0; i < json.Length;)
        {
            var length = 1;
            if (json[i] == '\\')
            {
                var (unit, next) = (UnitAt(json, i), UnitAt(json, i + EscapeLength));
                length = unit is null ? Math.Min(2, json.Length - i) : EscapeLength;
                if (unit is { } high && next is { } low && char.IsSurrogatePair(high, low))
                {
                    length += EscapeLength;
                }
                else if (unit is { } half && char.IsSurrogate(half))
                {
                    repaired.Append("\\ufffd");
                    i += length;
                    continue;
                }
            }

            repaired.Append(json, i, length);
            i += length;
        }

        return repaired.ToString();
    }

    /// <summary>The UTF-16 code unit escaped at an index; null when there is no escape.</summary>
    private static char? UnitAt(string json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
