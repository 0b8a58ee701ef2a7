using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Loop;
using AgentRunner.Tests.Fakes;

namespace AgentRunner.Tests.Loop;

internal sealed class JournalWriterTests
{
    /// <summary>A tool may cut its output within a character. The attempt that ran it sends what the next one reads.</summary>
    [Test]
    public async Task CommitOutcome_WithHalfACharacter_IsToldAsTheJournalHasIt()
    {
        var (conversation, call) = Begin();
        var records = new List<NewRecord>();
        var journal = new JournalWriter(new AppendingGateway(append => records.AddRange(append.Records)), conversation, new Replay(conversation));

        await journal.CommitOutcomeAsync(call, RecordKinds.ToolResult, new ToolOutcomePayload { Tool = "tool", Content = "cut \uD83C" }, default);

        var (replayed, other) = Begin();
        replayed.AddOutcome(2, other.Call.Id, new CallOutcome(RecordKinds.ToolResult, records.Single().Payload.GetProperty("content").GetString()!));
        Assert.That(call.Outcome!.Content, Is.EqualTo("cut \uFFFD"));
        Assert.That(await CapturedRequest.OfAsync(conversation), Is.EqualTo(await CapturedRequest.OfAsync(replayed)));
    }

    private static (Conversation Conversation, CallState Call) Begin()
    {
        var conversation = new FilteredCall().Conversation;
        return (conversation, conversation.Turns[0].Calls[0]);
    }
}
