using System.Text.Json;
using AgentOperator.Api;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Runs.Status;

/// <summary>The JSON of what a status says of the journal. Users' programs read it.</summary>
[TestFixture]
internal sealed class StatusJsonTests
{
    private const string Expected =
        """
        {"checkpoint":{"sequence":4,"step":1,"epoch":2,"time":"2026-03-01T11:59:55Z","headHash":"59d2f38908a5fb70da1dde7e23aa5949083c812344a5af6be5810dd2e0198a61","store":"Kubernetes","bytes":1051},"progress":{"step":1},"usage":{"promptTokens":10,"completionTokens":5,"cachedTokens":3,"totalTokens":15,"modelCalls":1,"unusedModelCalls":0,"unusedTokens":0,"toolCalls":1,"replayed":0}}
        """;

    [Test]
    public void Status_OfAJournal_HasTheSameJsonAsEver()
    {
        var status = new SnapshotBuilder().With(snapshot => snapshot with { Head = Head() }).Attempt(1, Outcomes.Error).Attempt(2).Decide().Status;

        var shown = new AgentRunStatus { Checkpoint = status.Checkpoint, Progress = status.Progress, Usage = status.Usage };
        Assert.That(JsonSerializer.Serialize(shown, ApiJson.Options), Is.EqualTo(Expected));
    }

    private static JournalHead Head()
    {
        var (at, genesis) = (SnapshotBuilder.Now.AddMilliseconds(-4750), JournalHash.Genesis);
        using var spec = JsonDocument.Parse("{}");
        var started = new RunStartedPayload("lineage", "hash", spec.RootElement);
        var first = JournalRules.Place(
            0, genesis, 0, [Record(RecordKinds.RunStarted, started, ProtocolJson.Default.RunStartedPayload)], at)[0];
        var head = JournalRules.First(first);
        var claim = new EpochClaimedPayload("survey-2", SnapshotBuilder.UidOf(2));
        head = Next(head, 2, Record(RecordKinds.EpochClaimed, claim, ProtocolJson.Default.EpochClaimedPayload), at);
        var answer = new ModelAnswerPayload { Model = "m", Text = "t", FinishReason = "stop", Usage = new TokenUsage(10, 5, 3) };
        head = Next(head, 2, Record(RecordKinds.ModelAnswer, answer, ProtocolJson.Default.ModelAnswerPayload), at);
        var outcome = new ToolOutcomePayload { Tool = "shell", Content = "done" };
        return Next(head, 2, Record(RecordKinds.ToolResult, outcome, ProtocolJson.Default.ToolOutcomePayload), at);
    }

    private static NewRecord Record<T>(string kind, T payload, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        new(kind, JsonSerializer.SerializeToElement(payload, type));

    private static JournalHead Next(JournalHead head, int epoch, NewRecord record, DateTimeOffset at) =>
        JournalRules.Next(head, JournalRules.Place(head.Sequence, head.Hash, epoch, [record], at)[0]);
}
