using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentRunner.Models;

/// <summary>Reads the committed answer that the gateway's reply holds. The provider client's own types know less than it says.</summary>
internal static class CompletionReader
{
    /// <summary>The payload of the record; null when the reply has none, or breaks off.</summary>
    public static ModelAnswerPayload? Read(BinaryData? reply)
    {
        try
        {
            return reply is null ? null : JsonSerializer.Deserialize(reply.ToMemory().Span, ProtocolJson.Default.CompletionReply)?.Answer;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
