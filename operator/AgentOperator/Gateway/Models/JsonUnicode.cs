using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// Makes the strings of JSON from elsewhere readable. The JSON reader throws on invalid UTF-8 and on an escape of half a surrogate pair, and servers that
/// cut or stream text send both.
/// </summary>
internal static class JsonUnicode
{
    private const int EscapeLength = 6;

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
