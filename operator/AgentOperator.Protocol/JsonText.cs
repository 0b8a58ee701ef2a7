using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Protocol;

/// <summary>
/// Texts of other programs' JSON. Such JSON may escape half of a surrogate pair, which no UTF-8 text can hold and which
/// <see cref="JsonElement.GetString"/> throws at.
/// </summary>
public static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>A string value, with U+FFFD for each half surrogate pair.</summary>
    /// <param name="element">A JSON string.</param>
    public static string Read(JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException) when (element.ValueKind == JsonValueKind.String)
        {
            using var mended = JsonDocument.Parse(ReplaceHalfPairs(element.GetRawText()));
            return mended.RootElement.GetString() ?? "";
        }
    }

    /// <summary>JSON with <c>\ufffd</c> in the place of each escape that is half of a surrogate pair.</summary>
    public static string ReplaceHalfPairs(string json)
    {
        var mended = new StringBuilder(json.Length);
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
                    mended.Append("\\ufffd");
                    i += length;
                    continue;
                }
            }

            mended.Append(json, i, length);
            i += length;
        }

        return mended.ToString();
    }

    /// <summary>The UTF-16 unit that is escaped at a place, or null when there is no such escape.</summary>
    private static char? UnitAt(string json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;
}
