using System.Text.Json;
using AgentOperator.Gateway.Models;
using AgentOperator.Gateway.Models.Answers;
using AgentOperator.Journal;
using AgentOperator.Protocol;

namespace AgentOperator.Tests.Gateway.Answers;

/// <summary>Anything that a provider sends is malformed, or an answer that can be stored, read back and given to the runner.</summary>
[TestFixture]
internal sealed class AnyAnswerTests
{
    private static readonly byte[] Request = """{"model":"m","tools":[{"type":"function","function":{"name":"f"}}]}"""u8.ToArray();

    [Test]
    public void Parse_AnyBody_IsMalformedOrAnAnswerThatIsTheSameAfterTheJournal([Range(0, 9)] int block)
    {
        var answers = 0;
        for (var seed = block * 500; seed < (block + 1) * 500; seed++)
        {
            var body = new OddAnswer(new Random(seed)).Next();
            if (TryParse(body) is { } answer)
            {
                answers++;
                AssertWhole(answer, $"seed {seed}");
            }
        }

        Assert.That(answers, Is.GreaterThan(300), "the generator must not make refusals only");
    }

    private static ModelAnswerPayload? TryParse(byte[] body)
    {
        try
        {
            return ProviderAnswer.Parse(body, "m", Request);
        }
        catch (MalformedAnswerException)
        {
            return null;
        }
    }

    private static void AssertWhole(ModelAnswerPayload answer, string why)
    {
        var stored = Stored(Stored(answer));

        Assert.That(ChatCompletion.Write("key", stored).ToArray(), Is.EqualTo(ChatCompletion.Write("key", answer).ToArray()), why);
        using var reply = JsonDocument.Parse(ChatCompletion.Write("key", answer), new JsonDocumentOptions { MaxDepth = 64 });
        var message = reply.RootElement.GetProperty("choices")[0].GetProperty("message");
        Assert.That(message.EnumerateObject().Select(field => field.Name), Is.Unique, why);
        if (message.TryGetProperty("tool_calls", out var calls))
        {
            Assert.That(calls.EnumerateArray().Select(call => call.EnumerateObject().Select(field => field.Name)), Is.All.Unique, why);
        }

        Assert.That(answer.FinishReason, Does.Match(@"\A[a-z0-9_.]+\z"), why);
        Assert.That(answer.ToolCalls.Select(call => call.Id), Is.Unique.And.All.Not.Empty, why);
        Assert.That(answer.Usage.Total, Is.InRange(0, 200_000_000), why);
        Assert.That((stored.Text, stored.FinishReason, stored.Usage), Is.EqualTo((answer.Text, answer.FinishReason, answer.Usage)), why);
    }

    /// <summary>The answer as it comes back from the journal, in a page as runners read it.</summary>
    private static ModelAnswerPayload Stored(ModelAnswerPayload answer)
    {
        var record = StoredRecord.Encode(new JournalRecord
        {
            SchemaVersion = 1, Sequence = 1, Epoch = 1, Kind = RecordKinds.ModelAnswer, Time = DateTimeOffset.UnixEpoch,
            PrevHash = JournalHash.Genesis,
            Payload = JsonSerializer.SerializeToElement(answer, ProtocolJson.Default.ModelAnswerPayload),
        });
        var page = JsonSerializer.SerializeToUtf8Bytes(
            new JournalPage([StoredRecord.Decode(record.Bytes).Record], 1), ProtocolJson.Default.JournalPage);
        return JournalRules.Read(
            JsonSerializer.Deserialize(page, ProtocolJson.Default.JournalPage)!.Records[0], ProtocolJson.Default.ModelAnswerPayload);
    }
}
