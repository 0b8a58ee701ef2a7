using System.Buffers;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Gateway.Models;

/// <summary>The OpenAI chat completion that the gateway answers with.</summary>
internal static class ChatCompletion
{
    /// <summary>
    /// Writes the answer that the runner gets, and the committed payload beside it: the same bytes for the same committed answer, now and on every
    /// replay.
    /// </summary>
    public static ReadOnlyMemory<byte> Write(string stepKey, ModelAnswerPayload answer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("id", "chatcmpl-" + stepKey);
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", 0);
        json.WriteString("model", answer.Model);
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        json.WritePropertyName("message");
        AssistantMessage.Write(json, answer.Text, answer.Reasoning, answer.ToolCalls, answer.Extra);
        json.WriteString("finish_reason", answer.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("usage");
        json.WriteNumber("prompt_tokens", answer.Usage.PromptTokens);
        json.WriteNumber("completion_tokens", answer.Usage.CompletionTokens);
        json.WriteNumber("total_tokens", answer.Usage.Total);
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", answer.Usage.CachedTokens);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WritePropertyName(Routes.AnswerField);
        JsonSerializer.Serialize(json, answer, ProtocolJson.Default.ModelAnswerPayload);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
