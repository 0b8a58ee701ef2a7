using System.Text.Json;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Runs;

/// <summary>The records of a model answer and of what followed it.</summary>
internal sealed class RecordedTurn
{
    private readonly List<JournalRecord> _records = [];

    public IReadOnlyList<JournalRecord> Records => _records;

    public static ModelAnswerPayload Answer(params IReadOnlyList<string> callIds) => new()
    {
        Model = "gpt-x", FinishReason = "tool_calls", ToolCalls = [.. callIds.Select(id => new ToolCall(id, "shell", "{}"))],
    };

    public static RecordedTurn Of(long sequence, IReadOnlyList<string> callIds)
    {
        var turn = new RecordedTurn();
        turn.Add(
            sequence, RecordKinds.ModelAnswer, null, JsonSerializer.SerializeToElement(Answer(callIds), ProtocolJson.Default.ModelAnswerPayload));
        return turn;
    }

    public RecordedTurn Intent(string callId, ToolEffect effect) =>
        Add(
            Next, RecordKinds.ToolIntent, callId,
            JsonSerializer.SerializeToElement(new ToolIntentPayload("shell", effect), ProtocolJson.Default.ToolIntentPayload));

    public RecordedTurn Outcome(string callId) => Add(
        Next, RecordKinds.ToolResult, callId,
        JsonSerializer.SerializeToElement(new ToolOutcomePayload { Tool = "shell", Content = "done" }, ProtocolJson.Default.ToolOutcomePayload));

    private long Next => _records[^1].Sequence + 1;

    private RecordedTurn Add(long sequence, string kind, string? callId, JsonElement payload)
    {
        _records.Add(new JournalRecord
        {
            SchemaVersion = 1, Sequence = sequence, Epoch = 1, Kind = kind, CallId = callId, Time = SnapshotBuilder.Now,
            PrevHash = JournalHash.Genesis, Payload = payload,
        });
        return this;
    }
}
