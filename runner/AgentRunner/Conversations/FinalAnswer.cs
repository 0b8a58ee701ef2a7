using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>
/// What an answer without tool calls comes to: the run's result, or something that is none. A function of the answer alone, so that a resumed run
/// sends what an uninterrupted one would.
/// </summary>
internal sealed record FinalAnswer
{
    private FinalAnswer()
    {
    }

    /// <summary>The result: the text without reasoning; null when there is none.</summary>
    public string? Result { get; private init; }

    /// <summary>What to know about the result, such as that it was cut; null when there is nothing.</summary>
    public string? Remark { get; private init; }

    /// <summary>What the model is told when it is asked once more; null when there is a result.</summary>
    public string? Reminder { get; private init; }

    /// <summary>Why the run ends if the model gives no result again; one of <see cref="TerminationReasons"/>.</summary>
    public string Reason { get; private init; } = TerminationReasons.UnusableAnswer;

    /// <summary>What the provider did, as a sentence without its full stop.</summary>
    public string? Failure { get; private init; }

    /// <summary>Reads an answer that has no tool calls.</summary>
    public static FinalAnswer Of(ModelAnswerPayload answer)
    {
        var text = answer.Text is null ? "" : answer.Text[ReasoningTags.EndIn(answer.Text)..];
        var isBlank = string.IsNullOrWhiteSpace(text);
        return answer.FinishReason switch
        {
            "stop" when !isBlank => Found(answer.Text!, text, null),
            "length" when !isBlank => Found(answer.Text!, text, "The final answer was cut at the model's output limit."),
            "stop" => None(
                "Your last answer had no text and no tool call. Give the final answer as text, or call a tool.",
                "The model's answer had neither text nor a tool call"),
            "length" => None(
                "Your last answer reached the output limit before it had any text. Answer again and be brief, or call a tool.",
                "The model's answer reached its output limit (spec.model.maxOutputTokens) before it had any text"),
            "tool_calls" => None(
                "Your last answer announced a tool call that could not be read. Call the tool again, or give the final answer as text.",
                "The model's answer announced a tool call that could not be read"),
            ModelAnswerPayload.TooLarge => None(
                "Your last answer was too large to be kept. Answer again and be brief.", "The model's answer is larger than a journal record can be"),
            "content_filter" => None(
                "The provider's content filter withheld your last answer. Answer again in other words.",
                "The provider's content filter withheld the final answer") with
            {
                Reason = TerminationReasons.ContentFiltered,
            },
            var other => None(
                $"Your last answer ended early (finish_reason '{other}'). Answer again.",
                $"The provider ended the model's answer early (finish_reason '{other}')"),
        };
    }

    private static FinalAnswer Found(string written, string text, string? remark) =>
        new() { Result = text.Length == written.Length ? written : text.TrimStart(), Remark = remark };

    private static FinalAnswer None(string reminder, string failure) => new() { Reminder = reminder, Failure = failure };
}
