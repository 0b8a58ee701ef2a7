using AgentOperator.Protocol;
using OpenAI.Chat;

namespace AgentRunner.Models;

/// <summary>Reads the gateway's reply into the payload that the gateway committed. Both must be equal, or a resumed run would diverge.</summary>
internal static class CompletionReader
{
    /// <summary>The payload of the record.</summary>
    public static ModelAnswerPayload Read(ChatCompletion completion)
    {
        var text = string.Concat(completion.Content.Select(part => part.Text));
        completion.Patch.TryGetValue("$.choices[0].message.reasoning_content"u8, out string? reasoning);
        return new ModelAnswerPayload
        {
            Model = completion.Model,
            Text = text.Length > 0 ? text : null,
            Reasoning = string.IsNullOrEmpty(reasoning) ? null : reasoning,
            ToolCalls = [.. completion.ToolCalls.Select(call => new ToolCall(call.Id, call.FunctionName, call.FunctionArguments.ToString()))],
            FinishReason = completion.FinishReason switch
            {
                ChatFinishReason.Length => "length",
                ChatFinishReason.ContentFilter => "content_filter",
                ChatFinishReason.ToolCalls => "tool_calls",
                _ => "stop",
            },
            Usage = completion.Usage is { } usage
                ? new TokenUsage(usage.InputTokenCount, usage.OutputTokenCount, usage.InputTokenDetails?.CachedTokenCount ?? 0)
                : TokenUsage.Zero,
        };
    }
}
