using AgentRunner.Conversations;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace AgentRunner.Models;

/// <summary>
/// A conversation as chat messages. Each carries the provider client's own message, which is sent as it is: the neutral one would
/// re-encode arguments, and a resumed run must send the same bytes. Text that providers refuse is replaced before it is sent.
/// </summary>
internal static class ChatMessages
{
    /// <summary>The messages of the next request.</summary>
    public static List<ChatMessage> Of(Conversation conversation)
    {
        var messages = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(conversation.Prompt.Instructions))
        {
            messages.Add(Wrap(ChatRole.System, new SystemChatMessage(conversation.Prompt.Instructions)));
        }

        messages.Add(Wrap(ChatRole.User, new UserChatMessage(conversation.Prompt.Task)));
        foreach (var turn in conversation.Turns)
        {
            messages.Add(Wrap(ChatRole.Assistant, Assistant(turn)));
            foreach (var call in turn.Calls)
            {
                messages.Add(Wrap(ChatRole.Tool, new ToolChatMessage(call.SentId, turn.IsElided ? call.Stub : call.Outcome!.Content)));
            }
        }

        return messages;
    }

    private static AssistantChatMessage Assistant(Turn turn)
    {
        var message = turn.Calls.Count > 0
            ? new AssistantChatMessage(turn.Calls.Select(call =>
                ChatToolCall.CreateFunctionToolCall(call.SentId, call.SentName, BinaryData.FromString(call.Arguments.Sent))))
            : new AssistantChatMessage(turn.Answer.Text ?? "");
        if (turn.Calls.Count > 0 && !string.IsNullOrEmpty(turn.Answer.Text))
        {
            message.Content.Add(ChatMessageContentPart.CreateTextPart(turn.Answer.Text));
        }

        if (!string.IsNullOrEmpty(turn.Answer.Reasoning))
        {
            message.Patch.Set("$.reasoning_content"u8, turn.Answer.Reasoning);
        }

        return message;
    }

    private static ChatMessage Wrap(ChatRole role, OpenAI.Chat.ChatMessage message) => new(role, (string?)null) { RawRepresentation = message };
}
