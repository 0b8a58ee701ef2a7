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
