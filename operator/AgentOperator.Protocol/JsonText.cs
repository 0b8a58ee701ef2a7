using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentOperator.Protocol;

/// <summary>
/// Texts of other programs' JSON. The JSON reader throws on invalid UTF-8 and on an escape of half a surrogate pair, and programs that cut or stream
/// text send both.
/// </summary>
public static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>A string value, with U+FFFD for each half of a surrogate pair.</summary>
    /// <param name="element">A JSON string.</param>
    public static string Read(JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException) when (element.ValueKind == JsonValueKind.String)
        {
            using var repaired = JsonDocument.Parse(Repair(Encoding.UTF8.GetBytes(element.GetRawText())));
            return repaired.RootElement.GetString() ?? "";
        }
    }

    /// <summary>The same JSON with U+FFFD for what is no Unicode character.</summary>
    /// <param name="json">JSON, or anything else: what is not JSON stays so.</param>
    /// <returns>The same memory when there is nothing to repair.</returns>
    public static ReadOnlyMemory<byte> Repair(ReadOnlyMemory<byte> json)
    {
        var valid = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        byte[]? repaired = null;
        for (var at = 0; valid.Span[at..].IndexOf((byte)'\\') is >= 0 and var skipped;)
        {
            at += skipped;
            var unit = EscapedUnit(valid.Span[at..]);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(EscapedUnit(valid.Span[(at + EscapeLength)..])))
            {
                at += 2 * EscapeLength;
            }
            else if (char.IsSurrogate(unit))
            {
                repaired ??= valid.ToArray();
                "\\ufffd"u8.CopyTo(repaired.AsSpan(at));
                at += EscapeLength;
            }
            else
            {
                // Past the escaped character, which may be a backslash.
                at = Math.Min(at + 2, valid.Length);
            }
        }

        return repaired ?? valid;
    }

    /// <summary>The UTF-16 unit that a <c>\u</c> escape at the beginning stands for; NUL when there is no such escape.</summary>
    private static char EscapedUnit(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength && json[0] == '\\' && json[1] == 'u'
        && ushort.TryParse(json[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : '\0';
}
