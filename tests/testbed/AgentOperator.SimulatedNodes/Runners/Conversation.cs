using System.Buffers;
using System.Text.Json;

namespace AgentOperator.SimulatedNodes.Runners;

/// <summary>A run's journal as a runner sees it: what it would send next, and what is left to do.</summary>
internal sealed class Conversation(RunDescription run)
{
    private readonly List<(ModelAnswerPayload Answer, long Sequence, Dictionary<string, string> Outcomes)> _turns = [];

    /// <summary>The sequence of the last record that is known.</summary>
    public long Head { get; private set; }

    /// <summary>Model answers so far.</summary>
    public int Steps => _turns.Count;

    /// <summary>Whether the run's end is committed.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>The final answer, once there is one.</summary>
    public string? FinalText => _turns.Count > 0 && _turns[^1].Answer.ToolCalls.Count == 0 ? _turns[^1].Answer.Text ?? "" : null;

    /// <summary>The first tool call without an outcome, and its key; null when there is none.</summary>
    public (ToolCall Call, string StepKey)? OpenCall =>
        _turns.Count > 0 && _turns[^1] is var turn && turn.Answer.ToolCalls.FirstOrDefault(call => !turn.Outcomes.ContainsKey(call.Id)) is { } open
            ? (open, StepKeys.ForToolCall(run.Lineage, turn.Sequence, open.Id))
            : null;

    /// <summary>Takes in a record of the journal.</summary>
    public void Add(JournalRecord record)
    {
        Head = record.Sequence;
        switch (record.Kind)
        {
            case RecordKinds.ModelAnswer:
                var answer = record.Payload.Deserialize(ProtocolJson.Default.ModelAnswerPayload)!;
                _turns.Add((answer with { ToolCalls = CallIds.MakeUnique(_turns.Count + 1, answer.ToolCalls) }, record.Sequence, []));
                break;
            case var kind when RecordKinds.IsToolOutcome(kind):
                _turns[^1].Outcomes[record.CallId!] = record.Payload.Deserialize(ProtocolJson.Default.ToolOutcomePayload)!.Content;
                break;
            case RecordKinds.RunFinished:
                IsFinished = true;
                break;
        }
    }

    /// <summary>Takes in an answer that the gateway just committed.</summary>
    public void AddCompletion(long sequence, byte[] completion)
    {
        using var document = JsonDocument.Parse(completion);
        var message = document.RootElement.GetProperty("choices")[0].GetProperty("message");
        var calls = message.TryGetProperty("tool_calls", out var given)
            ? given.EnumerateArray().Select(call => new ToolCall(
                call.GetProperty("id").GetString()!,
                call.GetProperty("function").GetProperty("name").GetString()!,
                call.GetProperty("function").GetProperty("arguments").GetString()!)).ToList()
            : [];
        var text = message.TryGetProperty("content", out var content) ? content.GetString() : null;
        var answer = new ModelAnswerPayload
        {
            Model = run.Model.Name,
            FinishReason = "stop",
            Text = text,
            ToolCalls = CallIds.MakeUnique(_turns.Count + 1, calls),
        };
        _turns.Add((answer, sequence, []));
        Head = sequence;
    }

    /// <summary>Takes in an outcome that was just committed.</summary>
    public void AddOutcome(long sequence, string callId, string content)
    {
        _turns[^1].Outcomes[callId] = content;
        Head = sequence;
    }

    /// <summary>The next model call: the same bytes in every attempt.</summary>
    public byte[] WriteRequest()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("model", run.Model.Name);
            json.WriteStartArray("messages");
            WriteMessage(json, "system", run.Instructions);
            WriteMessage(json, "user", run.Task);
            foreach (var (answer, _, outcomes) in _turns)
            {
                WriteTurn(json, answer, outcomes);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter json, string role, string? content)
    {
        if (content is not null)
        {
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", content);
            json.WriteEndObject();
        }
    }

    private static void WriteTurn(Utf8JsonWriter json, ModelAnswerPayload answer, Dictionary<string, string> outcomes)
    {
        json.WriteStartObject();
        json.WriteString("role", "assistant");
        json.WriteString("content", answer.Text);
        json.WriteStartArray("tool_calls");
        foreach (var call in answer.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        foreach (var call in answer.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("role", "tool");
            json.WriteString("tool_call_id", call.Id);
            json.WriteString("content", outcomes[call.Id]);
            json.WriteEndObject();
        }
    }
}
