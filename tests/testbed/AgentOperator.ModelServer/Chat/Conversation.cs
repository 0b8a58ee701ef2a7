using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentOperator.ModelServer.Chat;

/// <summary>The identity of a conversation, which stays the same while it grows.</summary>
internal static partial class Conversation
{
    /// <summary>The header's value; without one, 16 hexadecimal digits of the hash of model, first system message and first user message.</summary>
    /// <exception cref="ChatRequestException">The header holds other characters than <c>A-Z a-z 0-9 . _ : / -</c>, or more than 128.</exception>
    public static string Identify(string? header, string model, JsonElement messages)
    {
        if (header is not null)
            return Header().IsMatch(header) ? header : throw new ChatRequestException("X-Run takes 1 to 128 of the characters A-Z a-z 0-9 . _ : / -");

        // Separated by a character that JSON text cannot hold.
        var identity = string.Join('\0', model, FirstContent(messages, "system", "developer"), FirstContent(messages, "user"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16];
    }

    private static string FirstContent(JsonElement messages, params string[] roles)
    {
        var first = messages.EnumerateArray()
            .FirstOrDefault(message => roles.Contains(message.GetProperty("role").GetString(), StringComparer.Ordinal));
        return first.ValueKind == JsonValueKind.Object && first.TryGetProperty("content", out var content) ? content.GetRawText() : "";
    }

    [GeneratedRegex(@"^[A-Za-z0-9._:/-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
