using AgentOperator.Protocol;
using AgentRunner.Conversations;
using AgentRunner.Gateway;
using AgentRunner.Tests.Fakes;
using AgentRunner.Tests.Generators;

namespace AgentRunner.Tests.Conversations;

internal sealed class ContextReplayTests
{
    /// <summary>An attempt may be killed after any record, and the limit of the live run may be any other by then.</summary>
    [Test]
    public async Task Request_OfAnyJournal_IsTheSameAfterAReplayFromAnyRecord([Range(1, 40)] int seed)
    {
        var random = new Random(seed);
        var journal = new AnyJournal(random, random.Next(8192, 100_000));
        var sent = new List<(int Count, string Key, string Body)>();
        for (var step = 0; step < 8; step++)
        {
            await SendAsync();
            while (random.Next(3) == 0 && NextBound(random, journal.Conversation) is { } shortened)
            {
                journal.Shorten(shortened);
                await SendAsync();
            }

            journal.AddTurn();
        }

        foreach (var (count, key, body) in sent)
        {
            var replayed = journal.Replay(count);
            Assert.That(replayed.NextModelCallKey, Is.EqualTo(key), $"record {count}");
            Assert.That(await CapturedRequest.OfAsync(replayed), Is.EqualTo(body), $"record {count}");
        }

        async Task SendAsync() => sent.Add(
            (journal.Count, journal.Conversation.NextModelCallKey, await CapturedRequest.OfAsync(journal.Conversation)));
    }

    private static ContextShortenedPayload? NextBound(Random random, Conversation conversation) => random.Next(3) == 0
        ? ContextShortening.AfterChange(conversation, random.Next(8192, 100_000))
        : ContextShortening.AfterRefusal(
            conversation, new GatewayException(new ProtocolError { Status = 413, Code = ErrorCodes.ContextTooLong, Detail = "too long" }));
}
