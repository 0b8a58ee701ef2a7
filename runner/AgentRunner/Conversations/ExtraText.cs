using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentRunner.Conversations;

/// <summary>What providers add to answers, as text: the same for the same values, whichever characters were escaped on the way here.</summary>
internal static class ExtraText
{
    /// <summary>The additions of an answer and of its calls, each after the place it belongs to.</summary>
    public static IEnumerable<string> All(ModelAnswerPayload answer)
    {
        if (answer.Extra is { } extra)
        {
            yield return "extra";
            yield return Of(extra);
        }

        foreach (var call in answer.ToolCalls.Where(call => call.Extra is not null))
        {
            yield return $"extra of {call.Id}";
            yield return Of(call.Extra!.Value);
        }
    }

    private static string Of(JsonElement extra)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            extra.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
