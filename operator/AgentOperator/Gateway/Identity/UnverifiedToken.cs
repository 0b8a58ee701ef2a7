using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Identity;

/// <summary>
/// What a token says about itself. Nobody has verified it, so it only serves to refuse a token that no TokenReview would accept. ADR 30.
/// </summary>
internal static class UnverifiedToken
{
    /// <summary>The longest token that is reviewed, in characters. A pod's token has about 1,200.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>How long after its expiry a token is still reviewed: the API server's clock decides, and this one may differ.</summary>
    public static readonly TimeSpan ClockLeeway = TimeSpan.FromMinutes(5);

    /// <summary>Why no review would accept the token, as the end of a sentence about it; null when one may.</summary>
    /// <param name="token">Any text.</param>
    /// <param name="now">The time.</param>
    public static string? FindProblem(string token, DateTimeOffset now)
    {
        if (token.Length > MaxLength)
        {
            return $"is longer than {MaxLength} characters";
        }

        var parts = token.Split('.');
        if (parts.Length != 3 || parts.Contains("") || Decode(parts[1]) is not { } payload)
        {
            return "is not a JWT";
        }

        try
        {
            using var json = JsonDocument.Parse(JsonText.Repair(payload));
            return FindProblem(json.RootElement, now);
        }
        catch (JsonException)
        {
            return "is not a JWT";
        }
    }

    private static string? FindProblem(JsonElement claims, DateTimeOffset now) =>
        Find(claims, "aud") is not { } audience || !Names(audience, RunnerEnvironment.TokenAudience)
            ? $"is not for the audience {RunnerEnvironment.TokenAudience}"
        : Find(claims, "exp") is not { ValueKind: JsonValueKind.Number } expiry || !expiry.TryGetDouble(out var seconds)
            || seconds < (now - ClockLeeway).ToUnixTimeSeconds()
            ? "has expired"
        : Find(claims, "kubernetes.io", "pod", "name") is not { ValueKind: JsonValueKind.String } ? "is not bound to a pod"
        : Find(claims, "kubernetes.io", "serviceaccount", "name") is not { ValueKind: JsonValueKind.String } account
            || !AgentAccount.IsAgents(account.GetString())
            ? $"is not of the ServiceAccount {AgentAccount.Name}"
        : null;

    private static bool Names(JsonElement audience, string wanted) => audience.ValueKind switch
    {
        JsonValueKind.String => audience.ValueEquals(wanted),
        JsonValueKind.Array => audience.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(wanted)),
        _ => false,
    };

    private static JsonElement? Find(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return null;
            }
        }

        return json;
    }

    private static byte[]? Decode(string part)
    {
        var decoded = new byte[Base64Url.GetMaxDecodedLength(part.Length)];
        return Base64Url.DecodeFromChars(part, decoded, out _, out var written) == OperationStatus.Done ? decoded[..written] : null;
    }
}
