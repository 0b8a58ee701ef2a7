using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace AgentOperator.ModelServer.Chat;

/// <summary>Writes a JSON object without escaping what JSON itself allows: a provider's bodies read like that.</summary>
internal static partial class JsonBody
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions Escaped = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.BasicLatin) };

    /// <summary>The object whose properties <paramref name="writeProperties"/> writes.</summary>
    /// <param name="writeProperties">Writes the properties.</param>
    /// <param name="escaped">Whether everything beyond ASCII is an escape, as some servers write it.</param>
    public static byte[] WriteObject(Action<Utf8JsonWriter> writeProperties, bool escaped = false)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, escaped ? Escaped : Relaxed))
        {
            json.WriteStartObject();
            writeProperties(json);
            json.WriteEndObject();
        }

        return escaped ? buffer.ToArray() : WithoutPairs(buffer.ToArray());
    }

    /// <summary>The JSON with characters for surrogate pairs: the writer escapes those whatever its encoder allows.</summary>
    private static byte[] WithoutPairs(byte[] json) => Encoding.Latin1.GetBytes(EscapedBackslashOrPair().Replace(
        Encoding.Latin1.GetString(json), // A character for each byte, so that what is no UTF-8 stays.
        match => match.Groups["high"].Success
            ? Encoding.Latin1.GetString(Encoding.UTF8.GetBytes([Unit(match, "high"), Unit(match, "low")]))
            : match.Value));

    private static char Unit(Match pair, string half) => (char)Convert.ToUInt16(pair.Groups[half].Value, 16);

    [GeneratedRegex(@"\\\\|\\u(?<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?<low>[dD][c-fC-F][0-9a-fA-F]{2})", RegexOptions.CultureInvariant)]
    private static partial Regex EscapedBackslashOrPair();
}
