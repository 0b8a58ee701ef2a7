using System.Globalization;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>The tokens that a provider says a call took.</summary>
internal static class ReportedUsage
{
    /// <summary>No call takes as many: a larger count is no count.</summary>
    private const double MaxTokens = 100_000_000;

    /// <summary>The same of a body that may be no JSON.</summary>
    public static TokenUsage Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = LenientJson.Parse(body);
            return Of(document.RootElement);
        }
        catch (MalformedAnswerException)
        {
            return TokenUsage.Zero;
        }
    }

    /// <summary>The tokens; zero when the provider counts nothing, or something that is no count.</summary>
    public static TokenUsage Of(JsonElement root)
    {
        if (!root.TryGet("usage", JsonValueKind.Object, out var usage)
            || Count(usage, "prompt_tokens", "input_tokens") is not { } prompt
            || Count(usage, "completion_tokens", "output_tokens") is not { } completion)
        {
            return TokenUsage.Zero;
        }

        // Some count what a model thinks only in the total.
        var all = Math.Max(completion, (Count(usage, "total_tokens") ?? 0) - prompt);
        var cached = usage.TryGet("prompt_tokens_details", JsonValueKind.Object, out var details) ? Count(details, "cached_tokens") : null;
        return new TokenUsage(prompt, all, Math.Min(cached ?? 0, prompt));
    }

    /// <summary>A count, also one in quotes; 0 when it is missing, null when it is none.</summary>
    private static long? Count(JsonElement usage, string name, string? otherName = null)
    {
        if (!usage.TryGetProperty(name, out var value) && (otherName is null || !usage.TryGetProperty(otherName, out value)))
        {
            return 0;
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.String => JsonText.Read(value),
            JsonValueKind.Null => "0",
            _ => value.GetRawText(),
        };
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= MaxTokens
            ? (long)number
            : null;
    }
}
