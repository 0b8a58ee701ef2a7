using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AgentOperator.Gateway.Models;

/// <summary>
/// What providers add to messages goes back to them, since many insist on it. A few refuse what they sent themselves: for those, the request is made
/// again without the fields that their error names.
/// </summary>
internal static partial class RefusedFields
{
    private const int MaxErrorBytes = 64 * 1024;

    private static readonly string[] Standard =
        [ "role", "content", "tool_calls", "tool_call_id", "id", "type", "function", "name", "arguments"];

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request without the fields that the error says are not supported; null when it names none.</summary>
    /// <param name="request">The request that was refused.</param>
    /// <param name="error">The body of the provider's answer.</param>
    public static ReadOnlyMemory<byte>? Without(ReadOnlyMemory<byte> request, ReadOnlyMemory<byte> error)
    {
        var text = Encoding.UTF8.GetString(error.Span[..Math.Min(error.Length, MaxErrorBytes)]);
        if (!Unsupported().IsMatch(text))
        {
            return null;
        }

        var body = JsonNode.Parse(request.Span)!;
        var removed = false;
        var known = new Dictionary<string, bool>(Standard.Select(name => KeyValuePair.Create(name, false)), StringComparer.Ordinal);
        foreach (var place in Places(body["messages"] as JsonArray))
        {
            foreach (var name in place.Select(field => field.Key).Where(IsRemoved).ToList())
            {
                removed |= place.Remove(name);
            }
        }

        return removed ? (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(body.ToJsonString(Json)) : null;

        bool IsRemoved(string field) => known.TryGetValue(field, out var named) ? named : known[field] = IsNamed(field, text);
    }

    /// <summary>Whether an error says that a field is not supported.</summary>
    public static bool IsRefused(string field, string error) => Unsupported().IsMatch(error) && IsNamed(field, error);

    /// <summary>Whether an error names a field.</summary>
    public static bool IsNamed(string field, string error) =>
        field.Length > 0 && Regex.IsMatch(error, $@"(?<![A-Za-z0-9_]){Regex.Escape(field)}(?![A-Za-z0-9_])", RegexOptions.CultureInvariant);

    /// <summary>The objects that may hold fields of a provider's own: assistant messages, their calls, and the functions of those.</summary>
    private static IEnumerable<JsonObject> Places(JsonArray? messages)
    {
        var assistants = messages?.OfType<JsonObject>().Where(message => message["role"] is JsonValue role && role.ToString() == "assistant") ?? [];
        foreach (var message in assistants)
        {
            yield return message;
            foreach (var call in (message["tool_calls"] as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                yield return call;
                if (call["function"] is JsonObject function)
                {
                    yield return function;
                }
            }
        }
    }

    [GeneratedRegex(
        @"unsupported|not supported|unexpected|extra_forbidden|not (?:permitted|allowed)|unknown|unrecognized|invalid (?:field|property)|"
        + "should not be",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Unsupported();
}
