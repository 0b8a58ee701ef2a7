using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentOperator.Gateway.Models.Streaming;

/// <summary>Text in parts. Programs that stream cut it anywhere, also between the escapes of a surrogate pair.</summary>
internal static class TextFragment
{
    /// <summary>Appends a JSON string's UTF-16 units, with any half of a surrogate pair as it is.</summary>
    public static void Append(StringBuilder text, JsonElement value)
    {
        var raw = value.GetRawText().AsSpan()[1..^1];
        while (raw.IndexOf('\\') is >= 0 and var at)
        {
            text.Append(raw[..at]);
            var isUnit = raw[at + 1] == 'u';
            text.Append(isUnit ? (char)ushort.Parse(raw.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : Unescape(raw[at + 1]));
            raw = raw[(at + (isUnit ? 6 : 2))..];
        }

        text.Append(raw);
    }

    private static char Unescape(char escaped) => escaped switch
    {
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        _ => escaped,
    };
}
