using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentOperator.Protocol;
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
    private const string NoText = "(no text)";

    /// <summary>Escapes as little as the provider client does.</summary>
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The messages of the next request.</summary>
    public static List<ChatMessage> Of(Conversation conversation)
    {
        var messages = new List<ChatMessage>();
        if (!string.IsNullOrEmpty(conversation.Prompt.Instructions))
        {
            messages.Add(Wrap(ChatRole.System, new SystemChatMessage(conversation.Prompt.Instructions)));
        }

        messages.Add(Wrap(ChatRole.User, new UserChatMessage(LeftOutTurns.AddTo(conversation.Prompt.Task, conversation.LeftOutTurns))));
        foreach (var turn in conversation.Turns.Skip(conversation.LeftOutTurns))
        {
            messages.Add(Wrap(ChatRole.Assistant, Assistant(turn)));
            if (turn.Final?.Reminder is { } reminder)
            {
                messages.Add(Wrap(ChatRole.User, new UserChatMessage(reminder)));
            }

            foreach (var call in turn.Calls)
            {
                messages.Add(Wrap(ChatRole.Tool, new ToolChatMessage(call.SentId, call.SentContent)));
            }
        }

        return messages;
    }

    /// <summary>The provider client's own message, with what it does not know of set as it is.</summary>
    private static AssistantChatMessage Assistant(Turn turn)
    {
        // Providers refuse a message without content, and some a conversation in which a role speaks twice in a row.
        var text = turn.Calls.Count > 0 || !string.IsNullOrWhiteSpace(turn.Answer.Text) ? turn.Answer.Text : NoText;
        var calls = turn.Calls.Select(call => call.Call with { Id = call.SentId, Name = call.SentName, Arguments = call.Arguments.Sent }).ToList();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            AssistantMessage.Write(json, string.IsNullOrEmpty(text) ? null : text, turn.Answer.Reasoning, calls, turn.Answer.Extra);
        }

        var message = new AssistantChatMessage(NoText);
        message.Patch.Set("$"u8, buffer.WrittenSpan);
        return message;
    }

    private static ChatMessage Wrap(ChatRole role, OpenAI.Chat.ChatMessage message) => new(role, (string?)null) { RawRepresentation = message };
}
