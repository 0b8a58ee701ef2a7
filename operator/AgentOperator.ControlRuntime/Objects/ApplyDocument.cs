using System.Globalization;
using System.Text;
using System.Text.Json;
using k8s;

namespace AgentOperator.ControlRuntime;

/// <summary>
/// Writes documents for server-side apply. The server reads them as YAML, which is not quite a superset of JSON: it refuses the two halves of a
/// surrogate pair as <c>\u</c> escapes, and some characters unless they are escaped. So text goes as UTF-8, and what YAML does not allow as it is
/// goes as an escape of one UTF-16 unit.
/// </summary>
internal static class ApplyDocument
{
    private const char Replacement = '\uFFFD';

    /// <summary>The document as JSON.</summary>
    /// <param name="document">The object, or its JSON.</param>
    /// <param name="options">How it is serialized; null for the client's own way.</param>
    public static JsonElement Parse(object document, JsonSerializerOptions? options) =>
        JsonSerializer.Deserialize<JsonElement>(KubernetesJson.Serialize(document, options));

    /// <summary>The text to send: JSON that a YAML parser reads the same way.</summary>
    public static string Write(JsonElement document)
    {
        var text = new StringBuilder();
        Write(text, document);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = 0;
                foreach (var member in element.EnumerateObject())
                {
                    text.Append(members++ == 0 ? '{' : ',');
                    Quote(text, member.Name);
                    text.Append(':');
                    Write(text, member.Value);
                }

                text.Append(members == 0 ? "{}" : "}");
                break;
            case JsonValueKind.Array:
                var items = 0;
                foreach (var item in element.EnumerateArray())
                {
                    text.Append(items++ == 0 ? '[' : ',');
                    Write(text, item);
                }

                text.Append(items == 0 ? "[]" : "]");
                break;
            case JsonValueKind.String:
                Quote(text, element.GetString()!);
                break;
            default:
                text.Append(element.GetRawText());
                break;
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        for (var i = 0; i < value.Length; i++)
        {
            var unit = value[i];
            if (char.IsSurrogatePair(value, i))
            {
                text.Append(unit).Append(value[++i]);
            }
            else if (unit is '"' or '\\')
            {
                text.Append('\\').Append(unit);
            }
            else if (MustBeEscaped(unit))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
            }
            else
            {
                text.Append(char.IsSurrogate(unit) ? Replacement : unit);
            }
        }

        text.Append('"');
    }

    /// <summary>What YAML takes for a control character or a line break, and what it takes for a mark of the encoding.</summary>
    private static bool MustBeEscaped(char unit) => char.IsControl(unit) || unit is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF';
}
