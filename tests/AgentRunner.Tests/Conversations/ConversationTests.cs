using AgentOperator.Protocol;
using AgentRunner.Conversations;

namespace AgentRunner.Tests.Conversations;

internal sealed class ConversationTests
{
    private static readonly Prompt Prompt = new() { Lineage = "l", Task = "t", Model = new ModelParameters("m"), MaxContextBytes = 1000 };

    private static readonly ModelAnswerPayload Asks = new() { Model = "m", FinishReason = "stop", ToolCalls = [new ToolCall("c", "shell", "{}")] };

    [Test]
    public void Key_OfTheNextCall_DependsOnAllThatIsSent()
    {
        Prompt[] prompts =
        [
            Prompt,
            Prompt with { Lineage = "other" },
            Prompt with { Task = "other" },
            Prompt with { Instructions = "other" },
            Prompt with { Model = new ModelParameters("other") },
            Prompt with { Model = new ModelParameters("m", 5) },
            Prompt with { Tools = [new ToolSpecification("a", "b", "{}")] },
            Prompt with { Tools = [new ToolSpecification("a", "b", "{ }")] },
            Prompt with { Tools = [new ToolSpecification("a", "c", "{}")] },
        ];

        Assert.That(prompts.Select(prompt => new Conversation(prompt).NextModelCallKey), Is.Unique);
    }

    [Test]
    public void Key_OfTheNextCall_DependsOnEveryAnswerAndOutcome()
    {
        var keys = new List<string>();
        foreach (var arguments in (string[])["{}", "{ }"])
        {
            foreach (var content in (string[])["x", "y"])
            {
                var conversation = new Conversation(Prompt);
                conversation.AddAnswer(1, Asks with { ToolCalls = [new ToolCall("c", "shell", arguments)] });
                conversation.AddOutcome(2, "c", new CallOutcome(RecordKinds.ToolResult, content));
                keys.Add(conversation.NextModelCallKey);
            }
        }

        Assert.That(keys, Is.Unique);
    }

    /// <summary>Runs in flight keep their keys over an upgrade.</summary>
    [Test]
    public void Key_OfAnAnswerWithoutAdditions_IsThatOfEarlierVersions()
    {
        var conversation = new Conversation(Prompt);
        conversation.AddAnswer(1, Asks with { Text = "x" });
        conversation.AddOutcome(2, "c", new CallOutcome(RecordKinds.ToolResult, "y"));

        Assert.That(conversation.NextModelCallKey, Is.EqualTo("5eec9ec59f975212a5efaede45ccbd5984d2880b8381d6a80870d1e6105851f9"));
    }

    [Test]
    public void Key_OfTheNextCall_DependsOnWhatTheProviderAdds()
    {
        using var one = System.Text.Json.JsonDocument.Parse("""{"a":"\u00e9"}""");
        using var same = System.Text.Json.JsonDocument.Parse("""{ "a": "é" }""");
        using var other = System.Text.Json.JsonDocument.Parse("""{"a":"e"}""");

        var keys = new[] { one, same, other }.Select(extra => KeyAfter(Asks with { Extra = extra.RootElement })).ToList();
        var ofCalls = new[] { one, same, other }.Select(
            extra => KeyAfter(Asks with { ToolCalls = [Asks.ToolCalls[0] with { Extra = extra.RootElement }] })).ToList();

        Assert.That(keys[1], Is.EqualTo(keys[0]));
        Assert.That(new[] { KeyAfter(Asks), keys[0], keys[2], ofCalls[0], ofCalls[2] }, Is.Unique);
    }

    private static string KeyAfter(ModelAnswerPayload answer)
    {
        var conversation = new Conversation(Prompt);
        conversation.AddAnswer(1, answer);
        conversation.AddOutcome(2, "c", new CallOutcome(RecordKinds.ToolResult, "y"));
        return conversation.NextModelCallKey;
    }

    [Test]
    public void Key_OfTheNextCall_IsTheSameWhereverTheRecordsStand()
    {
        var early = new Conversation(Prompt);
        early.AddAnswer(1, Asks);
        early.AddOutcome(2, "c", new CallOutcome(RecordKinds.ToolResult, "x"));
        var late = new Conversation(Prompt);
        late.Skip(1);
        late.AddAnswer(2, Asks);
        late.Skip(3);
        late.AddOutcome(4, "c", new CallOutcome(RecordKinds.ToolResult, "x"));

        Assert.That(late.NextModelCallKey, Is.EqualTo(early.NextModelCallKey));
    }

    [Test]
    public void Record_OutOfOrder_IsADefect()
    {
        var conversation = new Conversation(Prompt);
        conversation.Skip(1);

        Assert.That(() => conversation.Skip(3), Throws.InstanceOf<JournalDefectException>().With.Message.Contains("it follows record 1"));
    }

    [Test]
    public void Answer_WhileACallIsOpen_IsADefect()
    {
        var conversation = new Conversation(Prompt);
        conversation.AddAnswer(1, Asks);

        Assert.That(() => conversation.AddAnswer(2, Asks), Throws.InstanceOf<JournalDefectException>());
    }

    [Test]
    public void Outcome_OfACallThatHasOne_IsADefect()
    {
        var conversation = new Conversation(Prompt);
        conversation.AddAnswer(1, Asks);
        conversation.AddOutcome(2, "c", new CallOutcome(RecordKinds.ToolResult, "x"));

        Assert.That(() => conversation.AddOutcome(3, "c", new CallOutcome(RecordKinds.ToolResult, "x")), Throws.InstanceOf<JournalDefectException>());
    }
}
