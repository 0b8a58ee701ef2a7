using AgentOperator.Protocol;
using AgentRunner.Conversations;

namespace AgentRunner.Tests.Conversations;

internal sealed class ContextWindowTests
{
    private const int Limit = 10_000;

    [Test]
    public void Conversation_BelowTheLimit_IsSentWhole() => Assert.That(Elided(9), Is.Zero);

    [Test]
    public void Conversation_BeyondTheLimit_IsCutToHalfFromTheOldest()
    {
        var conversation = Build(10);

        var elided = conversation.Turns.Select(turn => turn.IsElided).ToList();
        Assert.That(elided.Take(6), Has.All.True);
        Assert.That(elided.Skip(6), Has.All.False);
    }

    [Test]
    public void Conversation_GoingOn_KeepsItsBeginningForManySteps()
    {
        // Cut at 10 and then not again until the whole results have grown from half of the limit to the limit.
        var cuts = Enumerable.Range(2, 28).Count(steps => Elided(steps) != Elided(steps - 1));

        Assert.That(cuts, Is.InRange(2, 8));
    }

    [Test]
    public void LastTurn_IsNeverElided()
    {
        var conversation = Build(1, 50_000);

        Assert.That(conversation.Turns[0].IsElided, Is.False);
    }

    [Test]
    public void Stub_OfAShortResult_IsTheResult() => Assert.That(ContextWindow.Stub("short"), Is.EqualTo("short"));

    [Test]
    public void Stub_SaysSizeAndHash() =>
        Assert.That(ContextWindow.Stub(new string('x', 5000)), Does.Match(@"^\[tool result elided: 5000 bytes, sha256 [0-9a-f]{16}\]$"));

    [Test]
    public void StepKeys_DoNotDependOnWhatIsElided() =>
        Assert.That(Build(30).NextModelCallKey, Is.EqualTo(Build(30, limit: int.MaxValue).NextModelCallKey));

    private static int Elided(int steps) => Build(steps).Turns.Count(turn => turn.IsElided);

    private static Conversation Build(int steps, int resultBytes = 1000, int limit = Limit)
    {
        var conversation = new Conversation(
            new Prompt { Lineage = "l", Task = "t", Model = new ModelParameters("m"), MaxContextBytes = limit });
        for (var step = 0; step < steps; step++)
        {
            conversation.AddAnswer(
                conversation.Head + 1, new ModelAnswerPayload { Model = "m", FinishReason = "stop", ToolCalls = [new ToolCall("c", "shell", "{}")] });
            conversation.AddOutcome(conversation.Head + 1, "c", new CallOutcome(RecordKinds.ToolResult, new string('x', resultBytes)));
        }

        return conversation;
    }
}
