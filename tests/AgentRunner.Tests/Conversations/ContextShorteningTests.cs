using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;
using AgentRunner.Tests.Generators;

namespace AgentRunner.Tests.Conversations;

internal sealed class ContextShorteningTests
{
    /// <summary>Whatever a conversation has and a provider takes, each step's refusals come to an end: it fits, or nothing is left.</summary>
    [Test]
    public void AfterRefusal_AnySizesAndAnyProvider_ComesToAnEnd([Range(1, 200)] int seed)
    {
        var random = new Random(seed);
        var journal = new AnyJournal(random, random.Next(8192, 200_000));
        var conversation = journal.Conversation;
        var provider = random.Next(200, 100_000);
        for (var step = 0; step < 12; step++)
        {
            journal.AddTurn();
            var refusals = 0;
            while (conversation.ContextBytes > provider)
            {
                Assert.That(++refusals, Is.LessThan(20));
                var before = conversation.ContextBytes;
                if (ContextShortening.AfterRefusal(conversation, Refusal(random, before, provider)) is not { } shortened)
                {
                    var sentence = ContextShortening.NothingLeft(conversation, "Too long.");
                    Assert.That(sentence, Does.Match("The largest part is .+ with [0-9]+ bytes"));
                    Assert.That(conversation.ContextBytes, Is.LessThanOrEqualTo(conversation.ShortestContextBytes));
                    return;
                }

                journal.Shorten(shortened);
                Assert.That(conversation.ContextBytes, Is.EqualTo(journal.CountBytes()), "what is counted is what is sent");
                Assert.That(conversation.ContextBytes, Is.LessThanOrEqualTo(Math.Max(shortened.MaxBytes, conversation.ShortestContextBytes)));
            }
        }
    }

    [Test]
    public void AfterRefusal_TheProviderSaysTheSizes_FitsAtOnce()
    {
        var journal = new AnyJournal(new Random(1), 1_000_000);
        var conversation = journal.Conversation;
        for (var step = 0; step < 10; step++)
        {
            journal.AddTurn();
        }

        var sent = conversation.ContextBytes;
        journal.Shorten(ContextShortening.AfterRefusal(conversation, Refusal(1000, 400))!);

        Assert.That(conversation.ContextBound, Is.EqualTo((int)(sent * 0.36)));
        Assert.That(conversation.ContextBytes, Is.LessThanOrEqualTo(sent * 4 / 10));
    }

    [Test]
    public void Key_AfterARefusal_IsAnother()
    {
        var conversation = new AnyJournal(new Random(1), 10_000).Conversation;
        var before = conversation.NextModelCallKey;
        conversation.Shorten(2, new ContextShortenedPayload { MaxBytes = 5000, Limit = 10_000, Refusal = "too long" });

        Assert.That(conversation.NextModelCallKey, Is.Not.EqualTo(before), "a provider may answer the same key with the same refusal");
    }

    /// <summary>A call that is under way when the limit is changed is the next attempt's, too.</summary>
    [Test]
    public void Key_AfterTheLimitChanged_IsTheSame()
    {
        var conversation = new AnyJournal(new Random(1), 10_000).Conversation;
        var before = conversation.NextModelCallKey;
        conversation.Shorten(2, ContextShortening.AfterChange(conversation, 9000)!);

        Assert.That(conversation.NextModelCallKey, Is.EqualTo(before));
    }

    [TestCase(10_000, null)]
    [TestCase(20_000, 20_000)]
    [TestCase(9000, 4000)]
    [TestCase(3000, 3000)]
    public void AfterChange_IsTheLimitUnlessTheProviderTakesLess(int limit, int? bound)
    {
        var conversation = new AnyJournal(new Random(1), 10_000).Conversation;
        conversation.Shorten(2, new ContextShortenedPayload { MaxBytes = 4000, Limit = 10_000, Refusal = "too long" });

        Assert.That(ContextShortening.AfterChange(conversation, limit)?.MaxBytes, Is.EqualTo(bound));
    }

    [Test]
    public void NothingLeft_TheTaskIsTheLargest_SaysSo()
    {
        var conversation = new Conversation(
            new Prompt { Lineage = "l", Task = new string('t', 50_000), Model = new ModelParameters("m"), MaxContextBytes = 8192 });

        Assert.That(ContextShortening.AfterRefusal(conversation, Refusal(20_000, 4096)), Is.Null);
        Assert.That(
            ContextShortening.NothingLeft(conversation, "It has 20000 tokens, and 4096 fit."),
            Does.Contain("It has 20000 tokens, and 4096 fit. The largest part is the task with 50000 bytes. Make the task shorter, or use a model"));
    }

    /// <summary>What is too long, and what to do about it.</summary>
    [TestCase("the task", 9, 0, 0, 0, 0, 0, "Make the task shorter")]
    [TestCase("the instructions", 0, 9, 0, 0, 0, 0, "Make spec.instructions shorter")]
    [TestCase("the list of tools", 0, 0, 9, 0, 0, 0, "Offer fewer tools")]
    [TestCase("the model's last answer", 0, 0, 0, 9, 0, 0, "Ask for shorter answers")]
    [TestCase("the arguments of the last call of 'shell'", 0, 0, 0, 0, 9, 0, "Ask for smaller calls")]
    [TestCase("the result of the last call of 'shell'", 0, 0, 0, 0, 0, 9, "Ask for fewer calls at a time")]
    public void NothingLeft_OfEachPart_NamesTheLargestWithItsSizeAndWhatToDo(
        string part, int task, int instructions, int tools, int answer, int arguments, int result, string advice)
    {
        var conversation = new Conversation(new Prompt
        {
            Lineage = "l", Task = Text(task), Instructions = Text(instructions), Model = new ModelParameters("m"), MaxContextBytes = 100_000,
            Tools = [new ToolSpecification("shell", Text(tools), "{}")],
        });
        conversation.AddAnswer(1, new ModelAnswerPayload
        {
            Model = "m", FinishReason = "tool_calls", Text = Text(answer), ToolCalls = [new ToolCall("c", "shell", Text(arguments))],
        });
        conversation.AddOutcome(2, "c", new CallOutcome(RecordKinds.ToolResult, Text(result)));

        Assert.That(
            ContextShortening.NothingLeft(conversation, "Too long."), Does.Match($"The largest part is {part} with 90[0-9]{{2}} bytes\\. {advice}"));

        static string Text(int thousands) => new('x', (thousands * 1000) + 10);
    }

    private static GatewayException Refusal(Random random, long size, long limit) => random.Next(3) switch
    {
        0 => Refusal(size, limit),
        1 => Refusal(limit + 1, limit), // Some count only until it is too much.
        _ => Refusal(null, null),
    };

    private static GatewayException Refusal(long? size, long? limit) => new(
        new ProtocolError { Status = 413, Code = ErrorCodes.ContextTooLong, Detail = "too long", RequestSize = size, MaxRequestSize = limit });
}
