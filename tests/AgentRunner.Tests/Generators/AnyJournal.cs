using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentOperator.Protocol;
using AgentRunner.Conversations;

namespace AgentRunner.Tests.Generators;

/// <summary>Journals of any shape: turns with any number of calls, and results from nothing to very large ones.</summary>
internal sealed class AnyJournal
{
    private readonly Random _random;
    private readonly List<JournalRecord> _records = [];
    private readonly Prompt _prompt;
    private readonly Replay _replay;

    public AnyJournal(Random random, int limit)
    {
        _random = random;
        _prompt = new Prompt
        {
            Lineage = "l", Task = Text(4000), Instructions = Text(500), Model = new ModelParameters("m"), MaxContextBytes = limit,
        };
        Conversation = new Conversation(_prompt);
        _replay = new Replay(Conversation);
        var spec = JsonElement.Parse($$"""{"limits":{"maxContextBytes": {{limit}} } }""");
        Add(RecordKinds.RunStarted, new RunStartedPayload("l", "", spec), ProtocolJson.Default.RunStartedPayload);
    }

    /// <summary>The conversation of the run that was never interrupted.</summary>
    public Conversation Conversation { get; }

    /// <summary>The records so far.</summary>
    public int Count => _records.Count;

    /// <summary>Adds a turn that is complete.</summary>
    public void AddTurn()
    {
        var calls = Enumerable.Range(0, _random.Next(1, 5)).Select(i => new ToolCall($"c{i}", "shell", $"{{\"a\":\"{Text(300)}\"}}")).ToList();
        Add(
            RecordKinds.ModelAnswer, new ModelAnswerPayload { Model = "m", FinishReason = "stop", Text = Text(300), ToolCalls = calls },
            ProtocolJson.Default.ModelAnswerPayload, Conversation.NextModelCallKey);
        while (Conversation.Turns[^1].FirstOpenCall is { } open)
        {
            Add(
                RecordKinds.ToolResult, new ToolOutcomePayload { Tool = "shell", Content = Text(30_000) }, ProtocolJson.Default.ToolOutcomePayload,
                open.StepKey, open.Call.Id);
        }
    }

    /// <summary>Changes the bound.</summary>
    public void Shorten(ContextShortenedPayload shortened) =>
        Add(RecordKinds.ContextShortened, shortened, ProtocolJson.Default.ContextShortenedPayload);

    /// <summary>The conversation of an attempt that starts after so many records, whatever the limit of the run is by then.</summary>
    public Conversation Replay(int count)
    {
        var conversation = new Conversation(_prompt with { MaxContextBytes = _random.Next(8192, 1_000_000) });
        var replay = new Replay(conversation);
        foreach (var record in _records.Take(count))
        {
            replay.Apply(JsonSerializer.Deserialize(
                JsonSerializer.SerializeToUtf8Bytes(record, ProtocolJson.Default.JournalRecord), ProtocolJson.Default.JournalRecord)!);
        }

        return conversation;
    }

    /// <summary>What a request with the conversation holds, counted anew.</summary>
    public long CountBytes() =>
        Utf8.Size(_prompt.Task) + Utf8.Size(_prompt.Instructions) + (Conversation.LeftOutTurns > 0 ? LeftOutTurns.NoteBytes : 0)
        + Conversation.Turns.Skip(Conversation.LeftOutTurns).Sum(turn => Utf8.Size(turn.Answer.Text) + turn.Calls.Sum(
            call => (long)Utf8.Size(call.Call.Id) + Utf8.Size(call.Call.Name) + Utf8.Size(call.Call.Arguments) + Utf8.Size(call.SentContent)));

    private string Text(int most) => new((char)('a' + _random.Next(26)), (int)(most * Math.Pow(_random.NextDouble(), 3)));

    private void Add<T>(string kind, T payload, JsonTypeInfo<T> type, string? stepKey = null, string? callId = null)
    {
        var record = new JournalRecord
        {
            SchemaVersion = RecordKinds.SchemaVersionOf(kind), Sequence = _records.Count + 1, Epoch = 1, Kind = kind, StepKey = stepKey,
            CallId = callId,
            Time = DateTimeOffset.UnixEpoch, PrevHash = "", Payload = JsonSerializer.SerializeToElement(payload, type),
        };
        _records.Add(record);
        _replay.Apply(record);
    }
}
