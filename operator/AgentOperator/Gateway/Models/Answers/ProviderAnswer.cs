using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models.Answers;

/// <summary>
/// Reads a provider's answer and makes it regular: providers give content in parts, calls in other places than the protocol says, arguments as
/// objects, finish reasons of their own. An answer that holds nothing usable is an answer all the same: it is paid, and the runner sees to it.
/// </summary>
internal static class ProviderAnswer
{
    private const int MaxModelLength = 256;
    private static readonly JsonElement NoMessage = JsonElement.Parse("{}");

    /// <summary>Reads an answer. A body that is no answer (no JSON, no choice) is refused.</summary>
    /// <param name="body">The body as the provider sent it.</param>
    /// <param name="askedModel">The model that was asked for: not every provider names one.</param>
    /// <param name="request">The request: a call that is written as text is one of its tools.</param>
    /// <exception cref="MalformedAnswerException">The body is no chat completion.</exception>
    public static ModelAnswerPayload Parse(ReadOnlyMemory<byte> body, string askedModel, ReadOnlyMemory<byte> request)
    {
        using var document = LenientJson.Parse(body);
        var root = document.RootElement;
        List<JsonElement> given = root.TryGet("choices", JsonValueKind.Array, out var list) ? [.. list.EnumerateArray()] : [];
        List<Choice> choices = [.. given.Select(Choice.Of).OfType<Choice>()];
        if (choices.Count == 0)
        {
            throw new MalformedAnswerException("The model's answer has no choice with a message.")
            {
                // A model that wrote nothing: some providers leave the choice out.
                Nothing = given.Count == 0 && ReportedUsage.Of(root) is { Total: > 0 } usage ? usage : null,
            };
        }

        // Some providers give text and calls as two choices, although one was asked for.
        var chosen = choices.Find(choice => choice.Calls.Count > 0) ?? choices.Find(choice => choice.HasText) ?? choices[0];
        var text = chosen.HasText ? chosen.Text : choices.Find(choice => choice.HasText)?.Text;
        var (calls, announced) = (chosen.Calls, false);
        if (calls.Count == 0 && text is { } written && RequestedTools.NamesOf(request) is { Count: > 0 } tools)
        {
            (calls, text, announced) = TextCalls.Read(written, tools.ToHashSet(StringComparer.Ordinal));
        }

        return new ModelAnswerPayload
        {
            Model = root.Text("model") is { Length: > 0 and <= MaxModelLength } model ? model : askedModel,
            Text = text,
            Reasoning = chosen.Message.Text("reasoning_content") is { Length: > 0 } reasoning ? reasoning : null,
            ToolCalls = calls,
            FinishReason = FinishReasons.Of(chosen.FinishReason, calls.Count > 0, announced),
            Extra = ExtraFields.OfMessage(chosen.Message),
            Usage = ReportedUsage.Of(root),
        };
    }

    private sealed record Choice(JsonElement Message, string? Text, IReadOnlyList<ToolCall> Calls, string? FinishReason)
    {
        public bool HasText => !string.IsNullOrWhiteSpace(Text);

        /// <summary>Reads a choice; null if it is none. One that ended may have no message.</summary>
        public static Choice? Of(JsonElement choice)
        {
            if (!choice.TryGet("message", JsonValueKind.Object, out var message) && !choice.TryGet("delta", JsonValueKind.Object, out message))
            {
                return choice.Text("finish_reason") is { Length: > 0 } end && choice.Text("text") is null
                    ? new Choice(NoMessage, null, [], end)
                    : null;
            }

            var calls = CallReader.Read(message);
            var text = ContentText.Of(message);
            return new Choice(
                message, text ?? (calls.Count == 0 ? message.Text("refusal") : null), calls, choice.Text("finish_reason"));
        }
    }
}
