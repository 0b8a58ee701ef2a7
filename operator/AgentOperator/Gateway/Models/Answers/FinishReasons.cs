using System.Globalization;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>Finish reasons in the protocol's words. Providers have their own, in upper and lower case.</summary>
internal static class FinishReasons
{
    private const int MaxLength = 64;

    private static readonly string[] FilterWords = ["content_filter", "safety", "prohibited_content", "recitation"];

    private static readonly string[] ErrorWords =
        ["error", "fail", "abort", "cancel", "interrupt", "malformed", "insufficient", "timeout", "overload"];

    /// <summary>What the record says.</summary>
    /// <param name="given">The provider's reason; null when it gave none.</param>
    /// <param name="hasCalls">Whether the answer has tool calls.</param>
    /// <param name="announced">Whether its text holds a call that cannot be read.</param>
    public static string Of(string? given, bool hasCalls, bool announced)
    {
        var reason = Known(Word(given));
        return reason switch
        {
            "length" or "content_filter" => reason,
            _ when hasCalls => IsError(reason) ? reason : "tool_calls",
            "stop" when announced => "tool_calls",
            _ => reason,
        };
    }

    /// <summary>Whether the provider had no room for the answer, or broke down. Both pass.</summary>
    public static bool IsOutage(string reason) => reason is "insufficient_system_resource" or "network_error";

    private static string Known(string word) => word switch
    {
        "" or "stop" or "eos" or "eos_token" or "end" or "end_turn" or "end_of_turn" or "stop_sequence" or "complete" or "completed" or "finish"
            or "finished" or "done" or "success" or "normal" or "finish_reason_unspecified" or "unspecified" or "null" or "none" => "stop",
        "tool_calls" or "tool_call" or "tool_use" or "function_call" or "function_calls" or "tool" or "function" => "tool_calls",
        "length" or "max_tokens" or "max_output_tokens" or "max_length" or "model_length" or "max_completion_tokens"
            or "model_context_window_exceeded" => "length",
        "content_filter" or "content_filtered" or "contentfilter" or "safety" or "recitation" or "blocklist" or "prohibited_content" or "spii"
            or "refusal" or "sensitive" or "guardrail_intervened" => "content_filter",
        _ => FilterWords.Any(part => word.Contains(part, StringComparison.Ordinal)) ? "content_filter" : word,
    };

    /// <summary>Whether the answer may have been cut in the middle of a call.</summary>
    private static bool IsError(string word) => ErrorWords.Any(part => word.Contains(part, StringComparison.Ordinal));

    /// <summary>The reason as a word that can be shown: a provider may write anything here.</summary>
    private static string Word(string? given)
    {
        var word = new string([
            .. (given ?? "").Trim().Take(MaxLength).Select(unit => char.IsAsciiLetterOrDigit(unit) || unit is '.' ? unit : '_'),
        ]);
        return word.ToLower(CultureInfo.InvariantCulture);
    }
}
